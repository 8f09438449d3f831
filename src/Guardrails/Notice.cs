namespace McpInfra.Guardrails;

/// <summary>A rule that applied to a call and did not refuse it.</summary>
/// <param name="Rule">The rule, in words of ours or of the operator's.</param>
/// <param name="Severity">Audit, warn or escalate.</param>
/// <param name="Remedy">What would help; may be empty.</param>
/// <param name="Label">What a proposal is to be labelled with, when the rule says so.</param>
public sealed record Notice(string Rule, Severity Severity, string Remedy, string? Label);
