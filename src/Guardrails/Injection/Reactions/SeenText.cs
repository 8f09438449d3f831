using McpInfra.Guardrails.Spotlight;

namespace McpInfra.Guardrails.Injection.Reactions;

/// <summary>What an answer shows and a policy has looked at, as one text with the range of each part; and what follows for any piece of it.</summary>
internal sealed class SeenText
{
    private readonly DetectionPolicy policy;
    private readonly Func<string, double> score;
    private readonly Answer answer;
    private readonly List<(int Part, Range Range)> parts = [];
    private readonly int length;
    private string? text;
    private IReadOnlyList<Range>? columns;

    public SeenText(Answer answer, DetectionPolicy policy, Func<string, double> score)
    {
        (this.answer, this.policy, this.score) = (answer, policy, score);
        var at = 0;
        for (var index = 0; index < answer.Parts.Count; index++)
        {
            // What stands in its frame has been looked at.
            if (answer.Parts[index].Marker is null && policy.Of(answer.Parts[index].Trust).High > Consequence.Ignore)
            {
                parts.Add((index, at..(at + answer.Parts[index].Text.Length)));
                at += answer.Parts[index].Text.Length + 1;
            }
        }

        length = Math.Max(0, at - 1);
    }

    /// <summary>All of it, a line end between parts.</summary>
    public string Text => text ??= parts.Count == 1 ? answer.Parts[parts[0].Part].Text : string.Join('\n', parts.Select(part => answer.Parts[part.Part].Text));

    /// <summary>The parts looked at, with where each stands.</summary>
    public IReadOnlyList<(int Part, Range Range)> Parts => parts;

    /// <summary>All of it, as a range.</summary>
    public Range All => 0..length;

    /// <summary>What follows for a piece: for one over several parts the least that any of them wants, so that nobody's text is withheld for what is only marked in another's.</summary>
    public Consequence Of(Range range)
    {
        var found = score(range.Equals(All) ? Text : Text[range]);
        return parts.Where(part => part.Range.Start.Value < range.End.Value && range.Start.Value < part.Range.End.Value)
            .Select(part => policy.Of(answer.Parts[part.Part].Trust).For(found)).DefaultIfEmpty(Consequence.Ignore).Min();
    }

    /// <summary>The same for cells that are read one after another.</summary>
    public Consequence Of(IReadOnlyList<Range> cells)
    {
        var found = score(Joined(cells));
        return found < InjectionFilter.Threshold ? Consequence.Ignore : cells.Min(cell => policy.Of(answer.Parts[PartAt(cell)].Trust).For(found));
    }

    /// <summary>The cells of rows of each part, column by column.</summary>
    public IReadOnlyList<Range> Columns => columns ??= [.. parts.SelectMany(part => Cells.ByColumn(Text, part.Range))];

    /// <summary>Cells as they read one after another.</summary>
    public string Joined(IReadOnlyList<Range> cells) => string.Join('\n', cells.Select(cell => Text[cell]));

    /// <summary>The number of the part that a cell stands in.</summary>
    public int PartAt(Range cell) => parts.FindLast(part => part.Range.Start.Value <= cell.Start.Value).Part;

    /// <summary>What follows for each part by itself, and the most that any of them, all of them read together, their columns, or the structured content wants.</summary>
    public Dictionary<int, Consequence> Consequences(out Consequence worst)
    {
        worst = OfStructured();
        var byPart = new Dictionary<int, Consequence>(parts.Count);
        foreach (var (index, _) in parts)
        {
            var part = answer.Parts[index];
            byPart[index] = policy.Of(part.Trust).For(score(part.Text));
            worst = byPart[index] > worst ? byPart[index] : worst;
        }

        var together = parts.Count > 1 ? Of(All) : Consequence.Ignore;
        var columns = Columns.Count > 0 ? Of(Columns) : Consequence.Ignore;
        worst = (Consequence)Math.Max((int)worst, Math.Max((int)together, (int)columns));
        return byPart;
    }

    /// <summary>What follows for the structured content, in the order of its strings that reads worst.</summary>
    public Consequence OfStructured() => answer.Structured is { } facts && policy.Tenant.High > Consequence.Ignore ? Of(new JsonCells(facts)) : Consequence.Ignore;

    private Consequence Of(JsonCells cells) => policy.Tenant.For(cells.Orders.Max(order => score(string.Join('\n', order.Select(cell => cells.Texts[cell])))));

    /// <summary>For the trail: where in the parts orders stand; in the structured content when they stand there alone.</summary>
    public IReadOnlyList<string> Evidence(InjectionFilter filter) =>
        Injection.Evidence.Of(filter, "part", '\n', [.. parts.Select(part => (part.Part, answer.Parts[part.Part].Text))]) is { Count: > 0 } found
            ? found
            : answer.Structured is { } facts ? InJson(filter, new JsonCells(facts)) : [];

    private static IReadOnlyList<string> InJson(InjectionFilter filter, JsonCells cells) =>
        cells.Orders.Select(order => Injection.Evidence.Of(filter, "structured", '\n', [.. order.Select(cell => (cell, cells.Texts[cell]))])).FirstOrDefault(found => found.Count > 0) ?? [];
}
