namespace McpInfra.Guardrails;

/// <summary>Decides from caller and operation alone, before binding. What it refuses is hidden, and what it hides is refused.</summary>
public interface IAccessGuard
{
    /// <summary>Its name in verdicts.</summary>
    string Name { get; }

    /// <summary>Allow or Deny; throwing denies.</summary>
    Verdict Check(Caller caller, Operation operation);
}
