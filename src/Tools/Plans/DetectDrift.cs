using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Budgets;
using McpInfra.Tools.Git;

namespace McpInfra.Tools.Plans;

/// <summary>Compares what a stack's state remembers with what the cloud has, by the real engine's refresh in a sandbox.</summary>
/// <param name="repositories">The registered repositories.</param>
/// <param name="runs">Runs under way.</param>
/// <param name="reports">What earlier runs found, to page on in.</param>
public sealed class DetectDrift(Repositories repositories, PlanRuns runs, DriftReports reports) : ITool<DetectDrift.Args>
{
    /// <summary>Arguments.</summary>
    /// <param name="Repository">Registered repository.</param>
    /// <param name="Stack">Its stack's folder.</param>
    /// <param name="Cursor">Where to go on in the report.</param>
    public sealed record Args(string Repository, string Stack, [MaxLength(100), Description("Goes on in the same report, without another run")] string? Cursor = null);

    /// <inheritdoc/>
    public static ToolDeclaration Declaration { get; } = new("detect_drift", Tier.Recommend,
        "Finds what was changed in the cloud behind the code of a stack, attribute by attribute, by the real engine's refresh, sandboxed, changing nothing. If it answers `running`, call again with the same arguments.",
        Spend.Plan);

    /// <inheritdoc/>
    public ValueTask<Resolution> TargetsAsync(Args args, Caller caller, CancellationToken stop) => new(
        RegisteredStack.Find(repositories, args.Repository, args.Stack, out var none) is { } stack
            ? new Resolution([stack.Target]) { Continues = args.Cursor is not null || runs.Knows(Request("", caller, stack)) }
            : none);

    /// <inheritdoc/>
    public async ValueTask<Answer> RunAsync(Args args, Call call, CancellationToken stop)
    {
        var request = Request(call.Id, call.Caller, RegisteredStack.Find(repositories, args.Repository, args.Stack, out _)!);
        return args.Cursor is null ? await runs.PlanAsync(request, stop)
            : reports.Find(request) is { } report && Cursor.Position(args.Cursor, report.Id) is { } position ? DriftText.Of(report, position)
            : Answer.Fault("The cursor belongs to a report that is no longer kept. Call detect_drift without a cursor for a new one.");
    }

    private static PlanRequest Request(string call, Caller caller, RegisteredStack stack) => new(call, caller, stack.Repository, stack.Stack, [], null) { Kind = PlanKind.Drift };
}
