using McpInfra.Guardrails;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>A plan as it was read, masked.</summary>
/// <param name="Changes">Resources that would change; of a refresh, those that differ from what the state remembers.</param>
/// <param name="Outputs">Outputs that would change.</param>
/// <param name="NotCompared">Addresses whose planned change is only that our tokens stand where secrets were; left out.</param>
/// <param name="Drifted">Resources that a refresh found changed.</param>
/// <param name="Refreshed">Managed resources that the engine read.</param>
/// <param name="FailedChecks">Conditions and checks of the code that did not hold.</param>
/// <param name="Complete">False when the engine deferred some of it.</param>
/// <param name="Version">The engine's version.</param>
/// <param name="Hash">Keyed hash of the unmasked plan without its timestamp.</param>
/// <param name="Diff">The masked diff: tenant's text.</param>
public sealed record PlanContents(
    IReadOnlyList<ChangeRead> Changes, IReadOnlyList<ChangeRead> Outputs, IReadOnlyList<string> NotCompared, int Drifted, int Refreshed, int FailedChecks, bool Complete, string Version, string Hash, string Diff)
{
    /// <summary>What rules decide on; nothing of a drift report.</summary>
    public PlanFacts Facts { get; init; } = new();
}

/// <summary>One planned change, masked.</summary>
/// <param name="Address">Address in code.</param>
/// <param name="Type">The engine's type.</param>
/// <param name="Action">create, update, delete, replace, read, move or forget.</param>
/// <param name="Lines">Attribute by attribute.</param>
/// <param name="Left">Attributes left out.</param>
public sealed record ChangeRead(string Address, string Type, string Action, IReadOnlyList<AttributeRead> Lines, int Left)
{
    /// <summary>Attributes that differ only because our tokens stand where secrets were.</summary>
    public IReadOnlyList<string> NotCompared { get; init; } = [];

    /// <summary>Whether the engine would replace it, but only for such an attribute; what differs for true updates it.</summary>
    public bool ReplacedForTokens { get; init; }
}

/// <summary>One attribute's change, masked.</summary>
/// <param name="Name">Its path within the resource.</param>
/// <param name="Old">What it was; null when there was nothing, or it is not shown.</param>
/// <param name="New">What it becomes.</param>
public sealed record AttributeRead(string Name, string? Old, string New)
{
    /// <inheritdoc/>
    public override string ToString() => Old is null ? $"{Name}: {New}" : $"{Name}: {Old} → {New}";
}
