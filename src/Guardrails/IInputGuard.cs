namespace McpInfra.Guardrails;

/// <summary>Decides on a bound call. It has no way to run, repeat or swallow the operation.</summary>
public interface IInputGuard
{
    /// <summary>Its name in verdicts.</summary>
    string Name { get; }

    /// <summary>Allow, Deny or Ask; throwing denies.</summary>
    ValueTask<Verdict> CheckAsync(Call call, CancellationToken stop);
}
