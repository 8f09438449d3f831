namespace McpInfra.Guardrails.Approvals;

/// <summary>What came of a person's yes or no.</summary>
/// <param name="Done">Whether it counts.</param>
/// <param name="Message">One sentence for the person: what holds now, or why it does not count.</param>
/// <param name="Approval">The approval as it stands; null when there is none of that id.</param>
public sealed record ApprovalDecision(bool Done, string Message, Approval? Approval);
