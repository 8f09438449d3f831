using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Redaction;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;
using McpInfra.Tools.Plans.State.Backends;

namespace McpInfra.Tools.Plans.State;

/// <summary>Finds the registered stacks whose outputs code reads, and makes of each a state that holds nothing but its outputs that are not sensitive.</summary>
/// <param name="repositories">The registered repositories.</param>
/// <param name="states">Reads the stacks' states.</param>
public sealed class RemoteOutputs(Repositories repositories, StateReader states)
{
    private const int MostStacks = 2000;

    /// <summary>What the code reads.</summary>
    /// <param name="uses">The places in code.</param>
    /// <param name="request">The plan that reads it.</param>
    /// <param name="tokens">The organisation's tokens.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="PlanFault">One is of no stack that the agent type may read.</exception>
    /// <exception cref="StateException">One cannot be read.</exception>
    internal async Task<IReadOnlyList<RemoteOutput>> OfAsync(IReadOnlyList<RemoteStateUse> uses, PlanRequest request, SecretTokens tokens, CancellationToken stop)
    {
        var registered = uses.Count == 0 ? [] : Registered(request.Caller);
        var read = new Dictionary<string, RemoteOutput>(StringComparer.Ordinal);
        var found = new List<RemoteOutput>();
        foreach (var use in uses)
        {
            var stack = Meant(use, request, registered);
            if (!read.TryGetValue(stack.Target.Id, out var outputs))
            {
                var state = await ReadAsync(stack, request.Caller, stop);
                read[stack.Target.Id] = outputs = new RemoteOutput(stack.Target.Id, Mark(stack, state), Only(StateSanitizer.Sanitize(state, tokens)), []);
            }

            outputs.Uses.Add(use);
            found.Add(outputs);
        }

        return [.. found.Distinct()];
    }

    /// <summary>What identifies the outputs that a plan rests on, as text for its digest.</summary>
    internal static string Marks(IEnumerable<RemoteOutput> outputs) => string.Join('\n', outputs.Select(output => output.Mark).Order(StringComparer.Ordinal));

    /// <summary>The same text for the same stacks as they are now.</summary>
    /// <param name="marks">What <see cref="Marks"/> gave.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="StateException">One cannot be read any more.</exception>
    internal async Task<string> NowAsync(string marks, Caller caller, CancellationToken stop)
    {
        var now = new List<string>();
        var registered = marks.Length == 0 ? [] : Registered(caller);
        foreach (var line in marks.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var id = line[..line.IndexOf(' ', StringComparison.Ordinal)];
            now.Add(registered.Find(stack => stack.Target.Id == id) is { } stack ? Mark(stack, await ReadAsync(stack, caller, stop)) : id);
        }

        return string.Join('\n', now.Order(StringComparer.Ordinal));
    }

    private List<RegisteredStack> Registered(Caller caller) =>
    [
        .. repositories.Names.Where(name => caller.Agent.Repositories is not { } only || only.Contains(name))
            .SelectMany(name => repositories.Find(name)!.Settings.Stacks.Select(stack => new RegisteredStack(repositories.Find(name)!, stack))).Take(MostStacks),
    ];

    private RegisteredStack Meant(RemoteStateUse use, PlanRequest request, List<RegisteredStack> registered)
    {
        var place = new BackendPlace(use.Backend, use.Config, request.Stack with { Backend = new Dictionary<string, string>() }, use.Workspace) { Root = request.Repository.WorktreeRoot };
        var wanted = Identity(place);
        var meant = wanted is null ? [] : registered.Where(stack => Identity(stack) == wanted).ToList();
        return meant.Count == 1 ? meant[0] : throw PlanFault.Of(
            meant.Count == 0
                ? "The code reads the outputs of a stack that is not registered, or that this agent type may not read. Register that stack in mcp-infra.yaml with the same backend, or take the values from variables."
                : "The code reads the outputs of a stack, and several that are registered keep their state at that place. Give each its own place in mcp-infra.yaml.",
            new Part(Trust.Tenant, $"{use.File}:{use.Line}", "the place in the code"));
    }

    private string? Identity(RegisteredStack stack)
    {
        try
        {
            return Identity(StateReader.Place(stack.Repository, stack.Repository.Base().Tree, stack.Stack));
        }
        catch (Exception exception) when (exception is StateException or RepositoryException)
        {
            return null; // Where it keeps its state cannot be told, so it is not the one meant.
        }
    }

    private string? Identity(BackendPlace place)
    {
        try
        {
            return states.Of(place).Identity(place);
        }
        catch (StateException)
        {
            return null;
        }
    }

    private Task<StackState> ReadAsync(RegisteredStack stack, Caller caller, CancellationToken stop) =>
        states.ReadAsync(caller, stack.Repository, stack.Repository.Base().Tree, stack.Stack, stop);

    private static string Mark(RegisteredStack stack, StackState state) => FormattableString.Invariant($"{stack.Target.Id} {state.Hash} {state.Lineage} {state.Serial}");

    private static byte[] Only(SanitizedState state)
    {
        var fields = JsonSlices.Fields(state.Bytes);
        var outputs = JsonNode.Parse(fields["outputs"].Span)!.AsObject();
        foreach (var (name, _) in outputs.Where(output => output.Value!["sensitive"]?.GetValue<bool>() is true).ToList())
        {
            outputs.Remove(name);
        }

        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["version"] = 4,
            ["terraform_version"] = "1.0.0",
            ["serial"] = 1,
            ["lineage"] = "00000000-0000-0000-0000-000000000000",
            ["outputs"] = outputs.DeepClone(),
            ["resources"] = new JsonArray(),
        });
    }
}

/// <summary>Another stack's outputs that may be read.</summary>
/// <param name="Stack">`REPOSITORY/STACK`.</param>
/// <param name="Mark">What identifies them.</param>
/// <param name="State">A state that holds nothing else.</param>
/// <param name="Uses">Where code reads them.</param>
public sealed record RemoteOutput(string Stack, string Mark, byte[] State, List<RemoteStateUse> Uses);
