namespace McpInfra.Guardrails.Redaction;

/// <summary>Where a secret stands in a text, in UTF-16 units.</summary>
/// <param name="Start">First unit.</param>
/// <param name="End">One past the last.</param>
/// <param name="Kind">What it is, as its token names it.</param>
public readonly record struct SecretSpan(int Start, int End, string Kind);
