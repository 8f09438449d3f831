using System.Text.Json;

namespace McpInfra.Graph.Store;

/// <summary>Keeps what a resource was before it changed.</summary>
internal sealed class History(Statements sql, string organization, long now, Tally tally)
{
    private const int MostFields = 40;

    private static readonly string[] Whole = ["name", "status"];

    /// <summary>Whether the resource itself changed, appeared or went, which is then noted.</summary>
    /// <param name="node">The resource.</param>
    /// <param name="was">What is stored of it.</param>
    /// <param name="facts">Of what it is now.</param>
    /// <param name="isLive">Whether it is there now.</param>
    /// <param name="body">What it is now.</param>
    public bool Note(long node, StoredNode was, byte[] facts, bool isLive, byte[] body)
    {
        if (was.Facts.Length == 0)
        {
            tally.Added++;
            return true;
        }

        if (was.Facts.AsSpan().SequenceEqual(facts) && was.IsLive == isLive)
        {
            return false;
        }

        var what = (was.IsLive, isLive) switch { (true, false) => "gone", (false, true) => "appeared", _ => "changed" };
        sql.Send("INSERT INTO graph_version (node, until, body) VALUES (@node, @now, @old) ON CONFLICT DO NOTHING", ("node", node), ("now", now), ("old", was.Document));
        sql.Send(
            "INSERT INTO graph_change (organization, node, time, what, fields) VALUES (@organization, @node, @now, @what, @fields)",
            ("organization", organization), ("node", node), ("now", now), ("what", what), ("fields", string.Join('\n', Differences(was.Document!, body))));
        _ = what switch { "gone" => tally.Gone++, "appeared" => tally.Added++, _ => tally.Changed++ };
        return true;
    }

    private static List<string> Differences(string before, byte[] after)
    {
        using var was = JsonDocument.Parse(before);
        using var now = JsonDocument.Parse(after);
        var (old, current) = (was.RootElement, now.RootElement);
        return
        [
            .. Whole.Where(field => Differ(old, current, field))
                .Concat(Within(old, current, "tags"))
                .Concat(Within(old, current, "configuration")).Take(MostFields),
        ];
    }

    /// <summary>Members of a part that differ, as `part.member`.</summary>
    private static IEnumerable<string> Within(JsonElement before, JsonElement after, string part)
    {
        var (old, current) = (before.GetProperty(part), after.GetProperty(part));
        return old.EnumerateObject().Concat(current.EnumerateObject()).Select(member => member.Name).Distinct().Order(StringComparer.Ordinal)
            .Where(name => Differ(old, current, name)).Select(name => $"{part}.{name}");
    }

    private static bool Differ(JsonElement before, JsonElement after, string member) =>
        before.TryGetProperty(member, out var old) != after.TryGetProperty(member, out var now)
        || (old.ValueKind is not JsonValueKind.Undefined && !JsonElement.DeepEquals(old, now));
}
