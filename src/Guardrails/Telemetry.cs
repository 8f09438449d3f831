using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace McpInfra.Guardrails;

/// <summary>Spans and metrics of calls and decisions; silent unless something listens.</summary>
public static class Telemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "McpInfra";

    /// <summary>The tag that carries the audit id on every span of a call.</summary>
    public const string AuditTag = "mcp_infra.audit";

    /// <summary>Spans: one for each call, one within it for each guard and backend.</summary>
    public static ActivitySource Source { get; } = new(Name);

    private static readonly Meter Meter = new(Name);

    /// <summary>Calls by operation and outcome.</summary>
    public static Counter<long> Calls { get; } = Meter.CreateCounter<long>("mcp_infra.calls", "{call}", "Calls by operation and outcome.");

    /// <summary>Refusals by guard and operation.</summary>
    public static Counter<long> Refusals { get; } = Meter.CreateCounter<long>("mcp_infra.refusals", "{call}", "Refused calls by guard and operation.");

    /// <summary>Duration of calls by operation.</summary>
    public static Histogram<double> Duration { get; } = Meter.CreateHistogram<double>("mcp_infra.call.duration", "s", "Duration of calls by operation.");
}
