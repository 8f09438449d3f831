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
    public ValueTask<Resolution> TargetsAsync(Args args, Caller caller, CancellationToken stop)
    {
        if (repositories.Find(args.Repository) is not { } repository)
        {
            return new(Resolution.Refused("the repository is not registered", $"Use one of: {Names(repositories.Names)}"));
        }

        return Stack(repository, args.Stack) is { } stack
            ? new(new Resolution([new Target { Id = $"{repository.Name}/{stack.Path}", Type = "stack", Repository = repository.Name, Environment = stack.Environment }])
            {
                Continues = runs.Knows(Request("", args, caller, repository, stack)),
            })
            : new(Resolution.Refused("the repository has no such stack", $"Use one of: {Names(repository.Settings.Stacks.Select(stack => stack.Path))}"));
    }

    /// <inheritdoc/>
    public async ValueTask<Answer> RunAsync(Args args, Call call, CancellationToken stop)
    {
        var repository = repositories.Find(args.Repository)!;
        return await runs.PlanAsync(Request(call.Id, args, call.Caller, repository, Stack(repository, args.Stack)!), stop);
    }

    private static PlanRequest Request(string call, Args args, Caller caller, Repository repository, StackSettings stack) =>
        new(call, caller, repository, stack, args.Edits ?? [], args.From);

    private static StackSettings? Stack(Repository repository, string asked)
    {
        var path = asked.StartsWith("./", StringComparison.Ordinal) ? asked[2..] : asked;
        path = path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : ".";
        return repository.Settings.Stacks.FirstOrDefault(stack => (stack.Path.TrimEnd('/') is { Length: > 0 } own ? own : ".") == path);
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Take(20)) is { Length: > 0 } text ? text : "none is registered";
}
