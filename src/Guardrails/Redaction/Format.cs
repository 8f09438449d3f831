namespace McpInfra.Guardrails.Redaction;

/// <summary>A kind of credential that its own letters give away.</summary>
/// <param name="Prefix">What it starts with; case counts.</param>
/// <param name="Kind">How its token names it.</param>
/// <param name="Body">What follows the prefix.</param>
/// <param name="Least">Fewest characters of the body.</param>
/// <param name="Holds">A further demand on the whole credential; null for none.</param>
internal sealed record Format(string Prefix, string Kind, Alphabet Body, int Least, Demand? Holds = null)
{
    private const int Long = 5;
    private const int LongBody = 60;

    /// <summary>Whether nobody writes its prefix by chance, so that it counts right behind a word, too: it has a separator, and it or the body is long.</summary>
    public bool IsSure { get; } = !Prefix.All(char.IsAsciiLetterOrDigit) && (Prefix.Length >= Long || Least >= LongBody);
}
