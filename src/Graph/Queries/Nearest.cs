using Dapper;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Queries;

/// <summary>
/// What comes near a text that names nothing. Where one place is wrong, two thirds of the text are right: what holds those is looked for by the index of pieces of text, and compared;
/// else what holds one. To rank all that shares any three letters would take seconds at a million resources.
/// </summary>
internal sealed class Nearest(GraphReader reader)
{
    private const int Most = 5;
    private const int MostCompared = 200;
    private const int MostRanked = 100;
    private const int MostLetters = 80;
    private const int Piece = 3;
    private const double FarthestShare = 0.2;

    public List<ResourceRow> To(string text)
    {
        var letters = Bounded.Letters(text.ToLowerInvariant()[..Math.Min(text.Length, MostLetters)]);
        var found = new Dictionary<long, string>();
        foreach (var together in Parts(letters))
        {
            if (found.Count >= Most)
            {
                break;
            }

            foreach (var (node, known) in together.SelectMany(Holding))
            {
                found.TryAdd(node, known);
            }
        }

        var pieces = Pieces(letters);
        var nearest = found.Select(one => (Node: one.Key, Line: Nearer(pieces, one.Value))).Where(one => one.Line.Share >= FarthestShare).OrderByDescending(one => one.Line.Share).Take(MostRanked)
            .OrderBy(one => Distance(letters, one.Line.Text)).ThenBy(one => one.Node).Take(Most).Select(one => one.Node).ToList();
        var rows = reader.ByNode(nearest);
        return [.. nearest.Select(node => rows[node])];
    }

    /// <summary>What to look for together, the most telling first; each is texts that one resource holds.</summary>
    private static IEnumerable<List<string[]>> Parts(string letters)
    {
        if (letters.Length >= 3 * Piece)
        {
            var (one, other) = (letters.Length / 3, letters.Length * 2 / 3);
            var (first, middle, last) = (letters[..one], letters[one..other], letters[other..]);
            yield return [[first, middle], [middle, last], [first, last]];
            yield return [[first], [middle], [last]];
        }
        else
        {
            yield return letters.Length >= 2 * Piece ? [[letters[..(letters.Length / 2)]], [letters[(letters.Length / 2)..]]] : [.. Pieces(letters).Select(piece => new[] { piece })];
        }
    }

    private IEnumerable<(long Node, string Text)> Holding(string[] texts)
    {
        var parameters = new DynamicParameters(new { organization = reader.Organization });
        return reader.Connection.Query<(long, string)>(
            $"""
            SELECT r.node, (SELECT t.text FROM graph_text t WHERE t.node = r.node) FROM {TextMatch.Holding(reader.Dialect, texts, parameters)}
            WHERE r.organization = @organization AND r.gone_at IS NULL LIMIT {MostCompared}
            """, parameters);
    }

    /// <summary>Of the lines by which a resource is known the one that has most of the pieces.</summary>
    private static (double Share, string Text) Nearer(HashSet<string> pieces, string known) =>
        known.Split('\n').Select(line => (Share: (double)pieces.Count(piece => line.Contains(piece, StringComparison.Ordinal)) / pieces.Count, Text: line)).MaxBy(line => line.Share);

    /// <summary>How many letters have to be put in, left out or changed to make one text of another.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, Math.Min(other.Length, 2 * MostLetters) + 1).ToArray();
        for (var at = 1; at <= one.Length; at++)
        {
            var corner = row[0]++;
            for (var to = 1; to < row.Length; to++)
            {
                (corner, row[to]) = (row[to], Math.Min(Math.Min(row[to], row[to - 1]) + 1, corner + (one[at - 1] == other[to - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }

    private static HashSet<string> Pieces(string letters) => [.. Enumerable.Range(0, Math.Max(0, letters.Length - Piece + 1)).Select(at => letters.Substring(at, Piece))];
}
