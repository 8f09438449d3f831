using System.Text.Json.Nodes;
using McpInfra.Guardrails.Spotlight;

namespace McpInfra.Guardrails.Injection.Reactions;

/// <summary>Takes out of an answer what is to be withheld, cell by cell where that is enough, and leaves handles. What is left offends no more.</summary>
internal sealed class Withholding
{
    // What is left is looked at again: two innocent lines may have come together. A text made to go on for ever goes as a whole.
    private const int MostPasses = 4;

    // A text so long is withheld as a whole: halving it would score it many times.
    private const int Longest = 128 * 1024;
    private const string Structured = "structured content";
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
            var culprits = pass < MostPasses - 1 ? Runs(seen) : Whole(seen);
            if (culprits.Count > 0)
            {
                Answer = Without(culprits, seen);
            }
            else if (seen.Columns.Count > 0 && seen.Of(seen.Columns) >= Consequence.Withhold)
            {
                Answer = WithoutCells(seen, all: pass == MostPasses - 1);
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>The answer, with handles in place of what was taken out.</summary>
    public Answer Answer { get; private set; }

    /// <summary>What was taken out, each text once.</summary>
    public IReadOnlyCollection<WithheldText> Texts => texts.Values;

    private static List<Range> Runs(SeenText seen)
    {
        bool Offends(Range range) => seen.Of(range) >= Consequence.Withhold;
        List<Range> Within(Range range)
        {
            if (range.End.Value - range.Start.Value > Longest)
            {
                return [range];
            }

            var cells = Cells.Of(seen.Text, range);
            Range Run(int from, int to) => cells[from].Start..cells[to - 1].End;
            return [.. new Culprits((from, to) => Offends(Run(from, to))).Among(cells.Count).Select(run => Run(run.From, run.To))];
        }

        var found = seen.Parts.Where(part => Offends(part.Range)).SelectMany(part => Within(part.Range)).ToList();
        return found.Count == 0 && Offends(seen.All) ? Within(seen.All) : found;
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
                    parts[index] = part with { Text = Replaced(part.Text, (from - start)..(to - start), Take(part.Text[(from - start)..(to - start)], part.Trust, part.Source)) };
                }
            }
        }

        return Answer with { Parts = parts };
    }

    // One handle in each cell that an order is made of: it opens all of them.
    private Answer WithoutCells(SeenText seen, bool all)
    {
        var cells = seen.Columns;
        List<Range> Run(int from, int to) => [.. cells.Skip(from).Take(to - from)];
        var parts = Answer.Parts.ToArray();
        var runs = new Culprits((from, to) => all || seen.Of(Run(from, to)) >= Consequence.Withhold).Among(cells.Count).Select(run => Run(run.From, run.To));
        var held = runs.SelectMany(run => run.Select(cell => (Cell: cell, Handle: Take(seen.Joined(run), parts[seen.PartAt(run[0])].Trust, parts[seen.PartAt(run[0])].Source))));
        foreach (var (cell, handle) in held.OrderByDescending(held => held.Cell.Start.Value))
        {
            var index = seen.PartAt(cell);
            var start = seen.Parts.First(part => part.Part == index).Range.Start.Value;
            parts[index] = parts[index] with { Text = Replaced(parts[index].Text, (cell.Start.Value - start)..(cell.End.Value - start), handle) };
        }

        return Answer with { Parts = parts };
    }

    private static string Replaced(string text, Range range, string by) => string.Concat(text.AsSpan(0, range.Start.Value), by, text.AsSpan(range.End.Value));

    private JsonNode? Facts(Answer answer)
    {
        var facts = answer.Structured;
        for (var pass = 0; pass < MostPasses && facts is not null && new JsonCells(facts).Texts.Sum(text => text.Length) <= Longest && new SeenText(answer with { Structured = facts }, policy, score).OfStructured() >= Consequence.Withhold; pass++)
        {
            facts = WithoutStrings(new JsonCells(facts!));
        }

        var rest = new SeenText(answer with { Structured = facts }, policy, score);
        return rest.OfStructured() < Consequence.Withhold ? facts : new JsonObject { ["withheld"] = Take(string.Join('\n', new JsonCells(facts!).Texts), Trust.Tenant, Structured) };
    }

    private JsonNode WithoutStrings(JsonCells cells)
    {
        var shown = cells.Texts.ToArray();
        foreach (var order in cells.Orders)
        {
            string Read(int from, int to) => string.Join('\n', order.Skip(from).Take(to - from).Select(cell => cells.Texts[cell]));
            bool Offends(int from, int to) => policy.Tenant.For(score(Read(from, to))) >= Consequence.Withhold;
            foreach (var (from, to) in Offends(0, order.Count) ? new Culprits(Offends).Among(order.Count) : [])
            {
                var handle = Take(Read(from, to), Trust.Tenant, Structured);
                foreach (var cell in order.Skip(from).Take(to - from))
                {
                    shown[cell] = handle;
                }
            }

            if (!shown.SequenceEqual(cells.Texts))
            {
                break; // What is left is read again in every order.
            }
        }

        return cells.With(shown);
    }

    private string Take(string text, Trust trust, string? source)
    {
        var held = new WithheldText(WithheldText.HandleOf(organization, text), text, trust, source);
        texts[held.Handle] = held;
        return $"[withheld: {held.Handle}]";
    }
}
