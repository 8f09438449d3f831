using System.Collections.Frozen;

namespace McpInfra.Guardrails;

/// <summary>The names under which a call can be refused: a promise to clients.</summary>
public static class GuardNames
{
    /// <summary>All of them, in the order in which they decide.</summary>
    public static IReadOnlyList<string> All { get; } =
        ["identity", "allowlist", "tier", "bind", "targets", "budget", "injection", "flow", "policy", "approval", "audit"];

    private static readonly FrozenSet<string> Known = All.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a name is one of them.</summary>
    public static bool Contains(string name) => Known.Contains(name);
}
