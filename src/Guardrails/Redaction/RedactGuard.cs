namespace McpInfra.Guardrails.Redaction;

/// <summary>Masks every secret in an answer: parts, sources, structured content and faults alike.</summary>
/// <param name="redactor">Masks.</param>
public sealed class RedactGuard(Redactor redactor) : IOutputGuard
{
    /// <inheritdoc/>
    public string Name => "redact";

    /// <inheritdoc/>
    public ValueTask<Answer> CleanAsync(Answer answer, Call call, CancellationToken stop) => new(answer with
    {
        Parts = [.. answer.Parts.Select(part => part with { Text = redactor.Text(part.Text), Source = part.Source is null ? null : redactor.Text(part.Source) })],
        Structured = redactor.Json(answer.Structured?.DeepClone()),
    });
}
