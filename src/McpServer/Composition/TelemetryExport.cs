using McpInfra.Guardrails;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace McpInfra.Host.Composition;

/// <summary>Sends traces and metrics over OTLP when the usual OTEL_* variables name an endpoint; nothing otherwise.</summary>
internal sealed class TelemetryExport : IDisposable
{
    private static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    private readonly TracerProvider traces;
    private readonly MeterProvider metrics;

    private TelemetryExport()
    {
        var resource = ResourceBuilder.CreateDefault().AddService("mcp-infra").AddEnvironmentVariableDetector();
        traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Telemetry.Name).AddOtlpExporter().Build();
        metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(Telemetry.Name).AddOtlpExporter().Build();
    }

    /// <summary>The export that the environment asks for; null when it names no endpoint, or OTEL_SDK_DISABLED is true.</summary>
    public static TelemetryExport? FromEnvironment() =>
        Endpoints.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 })
        && !string.Equals(Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
            ? new TelemetryExport()
            : null;

    /// <summary>Sends what is left, for a few seconds at most.</summary>
    public void Dispose()
    {
        traces.Shutdown(5_000);
        metrics.Shutdown(5_000);
        traces.Dispose();
        metrics.Dispose();
    }
}
