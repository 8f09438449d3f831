namespace McpInfra.Guardrails.Redaction;

/// <summary>A kind of credential that its own letters give away.</summary>
/// <param name="Prefix">What it starts with; case counts.</param>
/// <param name="Kind">How its token names it.</param>
/// <param name="Body">What follows the prefix.</param>
/// <param name="Least">Fewest characters of the body.</param>
/// <param name="Holds">A further demand on the whole credential; null for none.</param>
internal sealed record Format(string Prefix, string Kind, Alphabet Body, int Least, Demand? Holds = null);
