namespace McpInfra.Guardrails.Redaction;

/// <summary>Something that holds of a whole credential, beyond its prefix and alphabet.</summary>
internal delegate bool Demand(ReadOnlySpan<char> credential);
