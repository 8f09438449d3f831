namespace McpInfra.Guardrails.Injection;

/// <summary>Scores the texts of one answer, a second opinion included: within one limit of time for all of them, and each text once.</summary>
/// <param name="filter">The filter.</param>
internal sealed class AnswerScores(InjectionFilter filter)
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, double> known = new(StringComparer.Ordinal);
    private TimeSpan left = Most;

    /// <summary>The score of a text.</summary>
    public double Score(string text)
    {
        if (filter.Second is null)
        {
            return filter.Score(text);
        }

        if (!known.TryGetValue(text, out var score))
        {
            var began = filter.Time.GetTimestamp();
            known[text] = score = filter.Score(text, left);
            left -= filter.Time.GetElapsedTime(began);
        }

        return score;
    }
}
