namespace McpInfra.Guardrails.Audit;

/// <summary>What is wrong with a trail.</summary>
/// <param name="Kind">The kind of fault.</param>
/// <param name="Writer">The writer whose file it is in; null for the index.</param>
/// <param name="Seq">The first record concerned, where one can be named.</param>
/// <param name="Message">One sentence for a person.</param>
public sealed record AuditFault(AuditFaultKind Kind, string? Writer, long? Seq, string Message);
