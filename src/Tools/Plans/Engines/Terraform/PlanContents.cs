namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>A plan as it was read, masked.</summary>
/// <param name="Changes">Resources that would change.</param>
/// <param name="Outputs">Outputs that would change.</param>
/// <param name="NotCompared">Addresses whose planned change is only that our tokens stand where secrets were; left out.</param>
/// <param name="Drifted">Resources that a refresh found changed.</param>
/// <param name="FailedChecks">Conditions and checks of the code that did not hold.</param>
/// <param name="Complete">False when the engine deferred some of it.</param>
/// <param name="Version">The engine's version.</param>
/// <param name="Hash">Keyed hash of the unmasked plan without its timestamp.</param>
/// <param name="Diff">The masked diff: tenant's text.</param>
public sealed record PlanContents(
    IReadOnlyList<ChangeRead> Changes, IReadOnlyList<ChangeRead> Outputs, IReadOnlyList<string> NotCompared, int Drifted, int FailedChecks, bool Complete, string Version, string Hash, string Diff);

/// <summary>One planned change, masked.</summary>
/// <param name="Address">Address in code.</param>
/// <param name="Type">The engine's type.</param>
/// <param name="Action">create, update, delete, replace, read, move or forget.</param>
/// <param name="Lines">Attribute by attribute.</param>
/// <param name="Left">Attributes left out.</param>
public sealed record ChangeRead(string Address, string Type, string Action, IReadOnlyList<string> Lines, int Left);
