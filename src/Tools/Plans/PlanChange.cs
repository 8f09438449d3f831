using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Budgets;
using McpInfra.Tools.Git;

namespace McpInfra.Tools.Plans;

/// <summary>Plans a change of a stack with the real engine, in a sandbox.</summary>
/// <param name="repositories">The registered repositories.</param>
/// <param name="runs">Plans under way.</param>
public sealed class PlanChange(Repositories repositories, PlanRuns runs) : ITool<PlanChange.Args>
{
    /// <summary>Arguments.</summary>
    /// <param name="Repository">Registered repository.</param>
    /// <param name="Stack">Its stack's folder.</param>
    /// <param name="Edits">What to change.</param>
    /// <param name="From">Where to start.</param>
    public sealed record Args(
        string Repository,
        string Stack,
        [Description("Each {path, content}, {path, find, replace} (find occurs once) or {path, delete: true}")] IReadOnlyList<Edit>? Edits = null,
        [MaxLength(200), Description("Branch (default branch unless given) or `worktree`")] string? From = null);

    /// <inheritdoc/>
    public static ToolDeclaration Declaration { get; } = new("plan_change", Tier.Recommend,
        "Runs the real engine's plan of a stack with your edits, sandboxed, changing nothing. Says what would change and what that touches. If it answers `running`, call again with the same arguments.",
        Spend.Plan);

    /// <inheritdoc/>
    public ValueTask<Resolution> TargetsAsync(Args args, Caller caller, CancellationToken stop) => new(
        RegisteredStack.Find(repositories, args.Repository, args.Stack, out var none) is { } stack
            ? new Resolution([stack.Target]) { Continues = runs.Knows(Request("", args, caller, stack)) }
            : none);

    /// <inheritdoc/>
    public async ValueTask<Answer> RunAsync(Args args, Call call, CancellationToken stop) =>
        await runs.PlanAsync(Request(call.Id, args, call.Caller, RegisteredStack.Find(repositories, args.Repository, args.Stack, out _)!), stop);

    private static PlanRequest Request(string call, Args args, Caller caller, RegisteredStack stack) => new(call, caller, stack.Repository, stack.Stack, args.Edits ?? [], args.From);
}
