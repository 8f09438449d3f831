namespace McpInfra.Guardrails.Spotlight;

/// <summary>Removes from an answer what is not seen, and takes the effect out of others' links.</summary>
public sealed class NeutraliseGuard : IOutputGuard
{
    /// <inheritdoc/>
    public string Name => "neutralise";

    /// <inheritdoc/>
    public ValueTask<Answer> CleanAsync(Answer answer, Call call, CancellationToken stop)
    {
        var hosts = call.Caller.Agent.Links;
        var seen = answer.Map(new Cleaner(hosts));
        return new(seen.Structured is null ? seen : seen with { Structured = Neutraliser.Json(seen.Structured.DeepClone(), hosts) });
    }

    private readonly struct Cleaner(IReadOnlyList<string> hosts) : ITextCleaner
    {
        public string Text(string text, Trust trust) => Neutraliser.Text(text, trust, hosts);

        public string Source(string source) => Visible.Of(source);
    }
}
