namespace McpInfra.Guardrails.Spotlight;

/// <summary>Removes from an answer what is not seen, and takes the effect out of others' links.</summary>
public sealed class NeutraliseGuard : IOutputGuard
{
    /// <inheritdoc/>
    public string Name => "neutralise";

    /// <inheritdoc/>
    public ValueTask<Answer> CleanAsync(Answer answer, Call call, CancellationToken stop) => new(answer with
    {
        Parts = [.. answer.Parts.Select(part => part with { Text = Neutraliser.Text(part.Text, part.Trust), Source = part.Source is null ? null : Visible.Of(part.Source) })],
        Structured = Neutraliser.Json(answer.Structured?.DeepClone()),
    });
}
