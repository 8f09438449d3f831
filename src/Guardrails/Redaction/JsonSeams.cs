using System.Text.Json.Nodes;
using McpInfra.Guardrails.Spotlight;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds secrets that show only where one string of structured content is read after another: the next one in the document, or the next of the same field.</summary>
/// <param name="tokens">The organisation's tokens.</param>
internal sealed class JsonSeams(SecretTokens tokens)
{
    /// <summary>The content with such secrets masked, in each string that holds some of one; the same instance when there are none.</summary>
    public JsonNode Masked(JsonNode facts)
    {
        var cells = new JsonCells(facts);
        var shown = cells.Texts.ToArray();
        foreach (var order in cells.Orders)
        {
            Mask(shown, order);
        }

        return shown.SequenceEqual(cells.Texts) ? facts : cells.With(shown);
    }

    private void Mask(string[] shown, IReadOnlyList<int> order)
    {
        var joined = string.Join('\n', order.Select(cell => shown[cell]));
        var ends = joined.Length;
        using var spans = SecretScanner.Find(joined).Reverse().GetEnumerator();
        var more = spans.MoveNext();
        for (var number = order.Count - 1; number >= 0 && more; number--)
        {
            ref var text = ref shown[order[number]];
            var (start, whole) = (ends - text.Length, text.Length);
            while (more && spans.Current.End > start)
            {
                var (from, to) = (Math.Max(0, spans.Current.Start - start), Math.Min(whole, spans.Current.End - start));
                if (from < to && (spans.Current.Start < start || spans.Current.End > ends))
                {
                    text = string.Concat(text.AsSpan(0, from), tokens.Token(spans.Current.Kind, text[from..to]), text.AsSpan(to));
                }

                if (spans.Current.Start < start)
                {
                    break; // It begins in a string before.
                }

                more = spans.MoveNext();
            }

            ends = start - 1;
        }
    }
}
