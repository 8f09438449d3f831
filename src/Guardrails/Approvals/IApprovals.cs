namespace McpInfra.Guardrails.Approvals;

/// <summary>The last guard: admits a call that a rule or an earlier guard wants a person for only when a person approved exactly it.</summary>
public interface IApprovals
{
    /// <summary>Allow when nothing asks or an unused approval of this exact call is there (which it uses up), else a denial that carries the approval's id.</summary>
    /// <param name="call">The call.</param>
    /// <param name="asks">The Ask verdicts of earlier guards.</param>
    /// <param name="stop">Cancels.</param>
    ValueTask<Verdict> AdmitAsync(Call call, IReadOnlyList<Verdict> asks, CancellationToken stop);
}
