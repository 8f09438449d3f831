using System.Globalization;
using McpInfra.Guardrails;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.Cloud;
using McpInfra.Tools.Plans.Engines.Terraform;
using McpInfra.Tools.Plans.Engines.Terraform.Modules;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox;

namespace McpInfra.Tools.Plans;

/// <summary>What every plan of a stack rests on and can move without the plan knowing.</summary>
/// <param name="engine">How the operator wants the engine run.</param>
/// <param name="sandbox">Where it runs.</param>
/// <param name="states">Reads the stacks' states.</param>
/// <param name="policies">The version of the policies now.</param>
public sealed class Grounds(EngineSettings engine, ISandbox sandbox, StateReader states, Func<string> policies)
{
    /// <summary>Reads the stacks' states.</summary>
    public StateReader States { get; } = states;

    /// <summary>Fetches modules that are no folders of the tree.</summary>
    public required ModulePackages Modules { get; init; }

    /// <summary>`from` that stands for the tracked files of the working tree.</summary>
    public const string Worktree = "worktree";

    private static readonly Dictionary<string, string> Phrases = new()
    {
        ["base"] = "the branch it was planned from has new commits",
        ["environment"] = "the stack's environment was changed in the configuration",
        ["workspace"] = "the stack's workspace was changed in the configuration",
        ["engine"] = "the engine was replaced",
        ["providers"] = "the providers' source changed",
        ["state"] = "the state changed",
        ["fetched"] = "a module that it fetches is other code now",
        ["remote"] = "another stack whose outputs it reads changed",
        ["account"] = "the stack's credential, or what may be asked with it, was changed",
        ["sandbox"] = "the sandbox's settings changed",
        ["egress"] = "the stack's egress changed",
        ["allowed"] = "what code may use was changed in the configuration",
        ["policy"] = "the policies changed",
    };

    /// <summary>What code may use in a plan.</summary>
    public AllowedCode Allowed => engine.Allowed;

    /// <summary>The grounds as they are now.</summary>
    /// <exception cref="RepositoryException">The repository or state file cannot be read, or `from` names nothing.</exception>
    /// <exception cref="StateException">The state is not one.</exception>
    /// <exception cref="EngineException">The engine is not here.</exception>
    public async Task<GroundsNow> NowAsync(Caller caller, Repository repository, StackSettings stack, string? from, CancellationToken stop)
    {
        var finding = Task.Run(() => TerraformProgram.Find(engine), stop); // It reads a hundred megabytes the first time.
        var start = Start(repository, from);
        var state = await States.ReadAsync(caller, repository, start.Tree, stack, stop);
        var program = await finding;
        return new GroundsNow(start, state, program, new Dictionary<string, string>
        {
            ["base"] = start.Commit,
            ["environment"] = stack.Environment ?? "",
            ["workspace"] = stack.Workspace,
            ["engine"] = program.Hash,
            ["providers"] = program.ProvidersMark,
            ["state"] = string.Create(CultureInfo.InvariantCulture, $"{state.Origin} {state.Hash} {state.Lineage} {state.Serial}"),
            ["account"] = Clouds.Mark(stack),
            ["sandbox"] = await sandbox.SettingsAsync(stop),
            ["egress"] = string.Join(' ', (stack.Egress ?? []).Order(StringComparer.Ordinal)),
            ["allowed"] = engine.Allowed.Mark,
            ["policy"] = policies(),
        });
    }

    /// <summary>What differs between the grounds of a plan and those now, as phrases of our own.</summary>
    public static IReadOnlyList<string> Moved(IReadOnlyDictionary<string, string> then, IReadOnlyDictionary<string, string> now) =>
        [.. Phrases.Where(phrase => then.GetValueOrDefault(phrase.Key) != now.GetValueOrDefault(phrase.Key)).Select(phrase => phrase.Value)];

    private static Revision Start(Repository repository, string? from) =>
        from is null or "" or Worktree || from == repository.DefaultBranch ? repository.Base()
        : repository.ProposalBranch(from) ?? throw new RepositoryException("`from` names no branch that can be planned from. Use the default branch, a branch of ours (`agent/…`), or `worktree`.");
}

/// <summary>What a plan rests on, now.</summary>
/// <param name="Base">Where the edits start.</param>
/// <param name="State">The state.</param>
/// <param name="Program">The engine.</param>
/// <param name="Rests">All of it by name.</param>
public sealed record GroundsNow(Revision Base, StackState State, TerraformProgram Program, IReadOnlyDictionary<string, string> Rests);
