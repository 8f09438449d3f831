namespace McpInfra.Guardrails.Redaction;

/// <summary>Masks every secret in an answer: parts, sources, structured content and faults alike.</summary>
/// <param name="tokens">The organisation's tokens.</param>
public sealed class RedactGuard(SecretTokens tokens) : IOutputGuard
{
    /// <summary>Most characters of a part that are read; what is shown is far less.</summary>
    public const int MostRead = 1 << 20;

    private const string Cut = "Left out: the rest of a text of more than a million characters. Ask for less, or page on with a cursor.";

    private readonly Redactor redactor = new(tokens);
    private readonly Seams seams = new(tokens);
    private readonly JsonSeams strings = new(tokens);

    /// <inheritdoc/>
    public string Name => "redact";

    /// <inheritdoc/>
    public ValueTask<Answer> CleanAsync(Answer answer, Call call, CancellationToken stop)
    {
        var masked = seams.Masked(answer.Map(new Cleaner(redactor)));
        if (answer.Parts.Any(part => part.Text.Length > MostRead))
        {
            masked = masked with { Parts = [.. masked.Parts, new Part(Trust.Own, Cut)] };
        }

        // First over strings, for half a secret may be one by itself and leave the other half.
        return new(masked.Structured is { } facts ? masked with { Structured = redactor.Json(strings.Masked(facts).DeepClone()) } : masked);
    }

    private readonly struct Cleaner(Redactor redactor) : ITextCleaner
    {
        public string Text(string text, Trust trust) => redactor.Beginning(text, MostRead);

        public string Source(string source) => redactor.Beginning(source, MostRead);
    }
}
