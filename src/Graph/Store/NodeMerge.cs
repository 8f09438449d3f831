using System.Text.Json.Nodes;

namespace McpInfra.Graph.Store;

/// <summary>Merges one resource from its contributions; writes only what differs from what is stored.</summary>
internal sealed class NodeMerge(Statements sql, SearchTexts texts, string organization, long now, long node, Tally tally, Journal journal)
{
    private const int MostText = 32_000;

    private sealed record Stored(byte[] Facts, byte[] Hash, long? GoneAt);

    /// <summary>What one source tells of the resource.</summary>
    internal sealed record View(int Rank, Resource Resource);

    internal sealed record Address(string Text, bool IsPart, string? Owner);

    public void Run(Action<string> known)
    {
        if (sql.First("SELECT facts, hash, gone_at FROM graph_resource WHERE node = @node", row => new Stored((byte[])row[0], (byte[])row[1], row.NumberAt(2)), ("node", node)) is not { } stored)
        {
            return; // United with another since it was touched.
        }

        var (resource, word, live, told) = Merged();
        new DriftWriter(sql, organization, now, node).Run(live ? told : []);
        var addresses = Addresses();
        var facts = Fingerprint.Bytes(Fingerprint.Of(ResourceDocument.Facts(word)));
        var owner = Merge.Owner(resource) ?? addresses.Select(address => address.Owner).FirstOrDefault(name => name is not null);
        var managed = addresses.Any(address => !address.IsPart);
        var text = SearchText(resource, addresses);
        var body = ResourceDocument.Write(resource);
        var hash = Hash(body, text, owner, managed, live);
        if (stored.Hash.AsSpan().SequenceEqual(hash))
        {
            return;
        }

        var history = new History(sql, organization, now, node, tally);
        var changed = history.Note(stored.Facts, facts, stored.GoneAt is null, live, resource);
        Store(resource, body, facts, hash, owner, managed, live, changed);
        journal.Row(node);
        StoreTags(resource);
        StoreText(text);
        foreach (var key in NewNames(resource))
        {
            known(key);
        }
    }

    /// <summary>The resource as all sources tell it, and as those tell it whose word decides whether it changed: the clouds', where there are any.</summary>
    private (Resource Resource, Resource Word, bool Live, IReadOnlyList<View> Told) Merged()
    {
        var contributions = sql.List(
            "SELECT rank, body, gone_at FROM graph_contribution WHERE node = @node ORDER BY rank, source, key", row => (Rank: row.GetInt32(0), Body: row.GetString(1), GoneAt: row.NumberAt(2)), ("node", node));
        if (contributions.Count == 0)
        {
            var last = ResourceDocument.Read(sql.First("SELECT body FROM graph_document WHERE node = @node", row => row.GetString(0), ("node", node))!);
            return (last, last, false, []);
        }

        var seen = contributions.Where(contribution => contribution.GoneAt is null).ToList();
        var goneFromCloud = seen.All(contribution => contribution.Rank != Rank.Cloud) && contributions.Any(contribution => contribution.Rank == Rank.Cloud);
        var views = goneFromCloud ? contributions : seen;
        var told = views.Select(view => new View(view.Rank, ResourceDocument.Read(view.Body))).ToList();
        return (Merge.Of([.. told.Select(view => view.Resource)]), Merge.Of([.. told.Where(view => view.Rank == told[0].Rank).Select(view => view.Resource)]), !goneFromCloud, told);
    }

    private List<Address> Addresses() => sql.List(
        "SELECT address, part, owner FROM graph_managed WHERE node = @node ORDER BY part, source, state, address LIMIT 200", row => new Address(row.GetString(0), row.GetInt64(1) == 1, row.TextAt(2)), ("node", node));

    private void Store(Resource resource, string body, byte[] facts, byte[] hash, string? owner, bool managed, bool live, bool changed)
    {
        sql.Execute(
            """
            UPDATE graph_resource SET id = @id, type = @type, name = @name, provider = @provider, account = @account, region = @region, environment = @environment,
                status = @status, owner = @owner, managed = @managed, facts = @facts, hash = @hash,
                changed_at = CASE WHEN @changed = 1 THEN @now ELSE changed_at END, gone_at = CASE WHEN @live = 1 THEN NULL ELSE coalesce(gone_at, @now) END
            WHERE node = @node;
            INSERT INTO graph_document (node, body) VALUES (@node, @body) ON CONFLICT (node) DO UPDATE SET body = excluded.body;
            """,
            ("id", resource.Id), ("type", resource.Type), ("name", RowName(resource)), ("provider", resource.Provider), ("account", resource.Account), ("region", resource.Region),
            ("environment", resource.Environment), ("status", resource.Status), ("owner", owner), ("managed", managed), ("facts", facts), ("hash", hash),
            ("changed", changed), ("live", live), ("now", now), ("node", node), ("body", body));
    }

    private void StoreTags(Resource resource)
    {
        var stored = sql.List("SELECT key, value FROM graph_tag WHERE organization = @organization AND node = @node", row => (row.GetString(0), row.GetString(1)), ("organization", organization), ("node", node)).ToHashSet();
        var wanted = TagRows(resource).ToHashSet();
        foreach (var (key, _) in stored.Except(wanted))
        {
            sql.Execute("DELETE FROM graph_tag WHERE organization = @organization AND node = @node AND key = @key", ("organization", organization), ("node", node), ("key", key));
        }

        foreach (var (key, value) in wanted.Except(stored))
        {
            sql.Execute("INSERT INTO graph_tag (organization, node, key, value) VALUES (@organization, @node, @key, @value)", ("organization", organization), ("node", node), ("key", key), ("value", value));
        }
    }

    private void StoreText(string text)
    {
        var old = sql.First("SELECT text FROM graph_text WHERE node = @node", row => row.GetString(0), ("node", node));
        if (old is null)
        {
            texts.Add(node, text);
        }
        else if (old != text)
        {
            texts.Change(node, text);
        }
    }

    private List<string> NewNames(Resource resource)
    {
        var id = IdentityKey.Of(resource.Id);
        var keys = sql.List("SELECT key FROM graph_contribution WHERE node = @node", row => row.GetString(0), ("node", node));
        var wanted = resource.Aliases.Select(IdentityKey.Of).Concat(keys).Append(id).Where(key => key.Length > 0).ToHashSet();
        var stored = sql.List("SELECT key, is_id FROM graph_alias WHERE node = @node", row => (Key: row.GetString(0), IsId: row.GetInt64(1) == 1), ("node", node)).ToDictionary(alias => alias.Key, alias => alias.IsId);
        foreach (var key in stored.Keys.Where(key => !wanted.Contains(key)))
        {
            sql.Execute("DELETE FROM graph_alias WHERE organization = @organization AND key = @key AND node = @node", ("organization", organization), ("key", key), ("node", node));
        }

        var changed = wanted.Where(key => !stored.TryGetValue(key, out var isId) || isId != (key == id)).ToList();
        foreach (var key in changed)
        {
            sql.Execute(
                "INSERT INTO graph_alias (organization, key, node, is_id) VALUES (@organization, @key, @node, @isId) ON CONFLICT (organization, key, node) DO UPDATE SET is_id = excluded.is_id",
                ("organization", organization), ("key", key), ("node", node), ("isId", key == id));
        }

        return changed;
    }

    internal static string SearchText(Resource resource, IReadOnlyList<Address> addresses)
    {
        var lines = new[] { resource.Name, resource.Id }
            .Concat(addresses.Select(address => address.Text))
            .Concat(resource.Aliases)
            .Concat(resource.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));
        var text = string.Join('\n', lines.Distinct()).ToLowerInvariant();
        return text.Length > MostText ? text[..MostText] : text;
    }

    /// <summary>What tells whether the merged row is as it was.</summary>
    internal static byte[] Hash(string body, string text, string? owner, bool managed, bool live) =>
        Fingerprint.Bytes(Fingerprint.Of(body, text, owner, managed ? "managed" : "", live ? "live" : ""));

    /// <summary>The name as the row has it; the whole is in the document.</summary>
    internal static string RowName(Resource resource) => Bounded.Text(resource.Name);

    /// <summary>Tags as filters find them; the whole is in the document.</summary>
    internal static IEnumerable<(string Key, string Value)> TagRows(Resource resource) => resource.Tags.Select(tag => (Bounded.Text(tag.Key), Bounded.Text(tag.Value))).DistinctBy(tag => tag.Item1);
}

/// <summary>Keeps what a resource was before it changed.</summary>
internal sealed class History(Statements sql, string organization, long now, long node, Tally tally)
{
    private const int MostFields = 40;

    /// <summary>Whether the resource itself changed, appeared or went, which is then noted.</summary>
    public bool Note(byte[] oldFacts, byte[] newFacts, bool wasLive, bool isLive, Resource resource)
    {
        if (oldFacts.Length == 0)
        {
            tally.Added++;
            return true;
        }

        var sameFacts = oldFacts.AsSpan().SequenceEqual(newFacts);
        if (sameFacts && wasLive == isLive)
        {
            return false;
        }

        var old = sql.First("SELECT body FROM graph_document WHERE node = @node", row => row.GetString(0), ("node", node))!;
        var what = (wasLive, isLive) switch { (true, false) => "gone", (false, true) => "appeared", _ => "changed" };
        var fields = string.Join('\n', Differences(ResourceDocument.Read(old), resource).Take(MostFields));
        sql.Execute(
            """
            INSERT INTO graph_version (node, until, body) VALUES (@node, @now, @old) ON CONFLICT DO NOTHING;
            INSERT INTO graph_change (organization, node, time, what, fields) VALUES (@organization, @node, @now, @what, @fields);
            """, ("organization", organization), ("node", node), ("now", now), ("old", old), ("what", what), ("fields", fields));
        _ = what switch { "gone" => tally.Gone++, "appeared" => tally.Added++, _ => tally.Changed++ };
        return true;
    }

    private static IEnumerable<string> Differences(Resource old, Resource now)
    {
        if (old.Name != now.Name)
        {
            yield return "name";
        }

        if (old.Status != now.Status)
        {
            yield return "status";
        }

        foreach (var key in old.Tags.Keys.Union(now.Tags.Keys).Order(StringComparer.Ordinal))
        {
            if (old.Tags.GetValueOrDefault(key) != now.Tags.GetValueOrDefault(key))
            {
                yield return $"tags.{key}";
            }
        }

        var keys = old.Configuration.Select(fact => fact.Key).Union(now.Configuration.Select(fact => fact.Key)).Order(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            if (!JsonNode.DeepEquals(old.Configuration[key], now.Configuration[key]))
            {
                yield return $"configuration.{key}";
            }
        }
    }
}
