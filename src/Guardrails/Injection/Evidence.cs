namespace McpInfra.Guardrails.Injection;

/// <summary>What the trail is told of texts that were flagged: the heaviest spans of them, field by field, of all of them read together where none is flagged by itself.</summary>
internal static class Evidence
{
    private const int Most = 3;

    /// <summary>At most three lines such as `argument 0, text at 12, 40 long: ignore, prior, instruction (0.98)`; none when nothing is flagged.</summary>
    /// <param name="filter">Scores.</param>
    /// <param name="what">What a field is, in our own words.</param>
    /// <param name="between">What stands between fields that are read together.</param>
    /// <param name="fields">Each text with its number.</param>
    public static IReadOnlyList<string> Of(InjectionFilter filter, string what, char between, IReadOnlyList<(int Number, string Text)> fields)
    {
        var found = fields.SelectMany(field => filter.Explain(field.Text).Select(span => span with { Field = field.Number })).ToList();
        if (found.Count == 0)
        {
            found.AddRange(filter.Explain(between, [.. fields.Select(field => field.Text)]).Select(span => span with { Field = fields[span.Field].Number }));
        }

        return [.. found.OrderByDescending(span => span.Weight).Take(Most).Select(span => $"{what} {span}")];
    }
}
