using McpInfra.Guardrails.Spotlight;

namespace McpInfra.Guardrails.Injection.Reactions;

/// <summary>Takes out of an answer what is to be withheld, cell by cell where that is enough, and leaves handles. What is left offends no more.</summary>
internal sealed class Withholding
{
    // What is left is looked at again: two innocent lines may have come together. A text made to go on for ever goes as a whole.
    private const int MostPasses = 4;
    private readonly DetectionPolicy policy;
    private readonly Func<string, double> score;
    private readonly string organization;
    private readonly Dictionary<string, WithheldText> texts = new(StringComparer.Ordinal);

    public Withholding(Answer answer, string organization, DetectionPolicy policy, Func<string, double> score)
    {
        (this.organization, this.policy, this.score) = (organization, policy, score);
        Answer = answer with { Structured = Facts(answer) };
        for (var pass = 0; pass < MostPasses; pass++)
        {
            var seen = new SeenText(Answer, policy, score);
            var culprits = pass < MostPasses - 1 ? Culprits(seen) : Whole(seen);
            if (culprits.Count == 0)
            {
                return;
            }

            Answer = Without(culprits, seen);
        }
    }

    /// <summary>The answer, with handles in place of what was taken out.</summary>
    public Answer Answer { get; private set; }

    /// <summary>What was taken out, each text once.</summary>
    public IReadOnlyCollection<WithheldText> Texts => texts.Values;

    private static List<Range> Culprits(SeenText seen)
    {
        bool Offends(Range range) => seen.Of(range) >= Consequence.Withhold;
        var culprits = new Culprits(seen.Text, Offends);
        var found = seen.Parts.Where(part => Offends(part.Range)).SelectMany(part => culprits.Within(part.Range)).ToList();
        return found.Count == 0 && Offends(seen.All) ? culprits.Within(seen.All) : found;
    }

    private static List<Range> Whole(SeenText seen) => seen.Of(seen.All) >= Consequence.Withhold ? [seen.All] : [.. seen.Parts.Select(part => part.Range).Where(range => seen.Of(range) >= Consequence.Withhold)];

    // From the last to the first, so that what was found stays where it was.
    private Answer Without(List<Range> culprits, SeenText seen)
    {
        var parts = Answer.Parts.ToArray();
        foreach (var (index, range) in seen.Parts)
        {
            var (start, end) = (range.Start.Value, range.End.Value);
            foreach (var culprit in culprits.OrderByDescending(culprit => culprit.Start.Value))
            {
                var (from, to) = (Math.Max(start, culprit.Start.Value), Math.Min(end, culprit.End.Value));
                if (from < to)
                {
                    var part = parts[index];
                    var handle = Take(part.Text[(from - start)..(to - start)], part.Trust, part.Source);
                    parts[index] = part with { Text = string.Concat(part.Text.AsSpan(0, from - start), handle, part.Text.AsSpan(to - start)) };
                }
            }
        }

        return Answer with { Parts = parts };
    }

    private System.Text.Json.Nodes.JsonNode? Facts(Answer answer)
    {
        if (new SeenText(answer, policy, score).OfStructured() < Consequence.Withhold)
        {
            return answer.Structured;
        }

        var facts = JsonStrings.Map(answer.Structured!.DeepClone(), text => policy.Tenant.For(score(text)) >= Consequence.Withhold ? Take(text, Trust.Tenant, "structured content") : text);
        return new SeenText(answer with { Structured = facts }, policy, score).OfStructured() < Consequence.Withhold ? facts : null;
    }

    private string Take(string text, Trust trust, string? source)
    {
        var held = new WithheldText(WithheldText.HandleOf(organization, text), text, trust, source);
        texts[held.Handle] = held;
        return $"[withheld: {held.Handle}]";
    }
}
