namespace McpInfra.Guardrails.Spotlight;

/// <summary>Removes from an answer what is not seen, and takes the effect out of others' links.</summary>
public sealed class NeutraliseGuard : IOutputGuard
{
    /// <inheritdoc/>
    public string Name => "neutralise";

    /// <inheritdoc/>
    public ValueTask<Answer> CleanAsync(Answer answer, Call call, CancellationToken stop)
    {
        var seen = answer.Map(default(Cleaner));
        return new(seen.Structured is null ? seen : seen with { Structured = Neutraliser.Json(seen.Structured.DeepClone()) });
    }

    private readonly struct Cleaner : ITextCleaner
    {
        public string Text(string text, Trust trust) => Neutraliser.Text(text, trust);

        public string Source(string source) => Visible.Of(source);
    }
}
