using McpInfra.Tools.Git;

namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>Where a state lies: what code names, completed by the operator. What the operator says wins, and only that may choose a host.</summary>
/// <param name="Kind">The backend as code names it: "local", "s3", "cloud", ….</param>
/// <param name="Code">Literal arguments of the code by name, those of inner blocks and maps with `.` between.</param>
/// <param name="Stack">The stack whose operator's settings and credential are used.</param>
/// <param name="Workspace">The workspace.</param>
public sealed record BackendPlace(string Kind, IReadOnlyDictionary<string, string> Code, StackSettings Stack, string Workspace)
{
    /// <summary>Absolute path of the repository's working tree; null when it has none.</summary>
    public string? Root { get; init; }

    /// <summary>What the operator's settings of it stand on: a "stack", or a "source".</summary>
    public string Holder { get; init; } = "stack";

    /// <summary>Workspace that every backend keeps in its plain place.</summary>
    public const string Default = "default";

    private const int MostText = 2000;

    /// <summary>Whether the state is of the plain workspace.</summary>
    public bool IsDefault => Workspace == Default;

    /// <summary>An argument; null when neither the operator nor the code names it.</summary>
    public string? Text(string name) => Bound(name) ?? (Code.GetValueOrDefault(name) is { Length: > 0 and <= MostText } text ? text : null);

    /// <summary>An argument as the operator names it; null when the operator does not.</summary>
    public string? Bound(string name) => Stack.Backend.GetValueOrDefault(name);

    /// <summary>An argument that must be there.</summary>
    /// <exception cref="StateException">It is not.</exception>
    public string Needed(string name) => Text(name)
        ?? throw new StateException($"The stack's backend `{Kind}` has no `{name}` in code. Add it to the stack's `backend` in mcp-infra.yaml, as `terraform init -backend-config` would, or name a copy (`terraform state pull > FILE`) in the stack's `state`.");

    /// <summary>An argument that only the operator may name.</summary>
    /// <exception cref="StateException">It is not.</exception>
    public string Trusted(string name, string meaning) => Bound(name)
        ?? throw new StateException($"The state of this stack lies in the backend `{Kind}`, and {meaning} is read only from the operator's settings. Add `{name}` to the stack's `backend` in mcp-infra.yaml, or name a copy (`terraform state pull > FILE`) in the stack's `state`.");

    /// <summary>An argument that becomes part of a host or a path; only these letters are in it.</summary>
    /// <exception cref="StateException">It holds others.</exception>
    public string Plain(string name, string value, Func<char, bool> allowed, int most = 255) =>
        value.Length <= most && value.Length > 0 && value.All(allowed) ? value
        : throw new StateException($"The stack's backend `{Kind}` has a `{name}` that no state can lie at. Correct it in the code, or in the stack's `backend` in mcp-infra.yaml.");
}
