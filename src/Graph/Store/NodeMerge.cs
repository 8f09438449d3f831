using System.Data.Common;
using System.Text.Json.Nodes;
using Dapper;

namespace McpInfra.Graph.Store;

/// <summary>Merges one resource from its contributions; writes only what differs from what is stored.</summary>
internal sealed class NodeMerge(DbConnection connection, string organization, long now, long node, Tally tally)
{
    private const int MostText = 32_000;

    private sealed record Address(string Text, bool IsPart, string? Owner);

    public void Run(Action<string> known)
    {
        if (connection.QueryFirstOrDefault<(byte[] Facts, byte[] Hash, long? GoneAt)?>("SELECT facts, hash, gone_at FROM graph_resource WHERE node = @node", new { node }) is not { } stored)
        {
            return; // United with another since it was touched.
        }

        
        var (resource, word, live) = Merged();
        var addresses = Addresses();
        var facts = Fingerprint.Bytes(Fingerprint.Of(ResourceDocument.Facts(word)));
        var owner = Merge.Owner(resource) ?? addresses.Select(address => address.Owner).FirstOrDefault(name => name is not null);
        var managed = addresses.Any(address => !address.IsPart);
        var text = SearchText(resource, addresses);
        var hash = Fingerprint.Bytes(Fingerprint.Of(ResourceDocument.Write(resource), text, owner, managed ? "managed" : "", live ? "live" : ""));
        if (stored.Hash.AsSpan().SequenceEqual(hash))
        {
            return;
        }

        var history = new History(connection, organization, now, node, tally);
        var changed = history.Note(stored.Facts, facts, stored.GoneAt is null, live, resource);
        Store(resource, facts, hash, owner, managed, live, changed);
        StoreTags(resource);
        StoreText(text);
        foreach (var key in NewNames(resource))
        {
            known(key);
        }
    }

    /// <summary>The resource as all sources tell it, and as those tell it whose word decides whether it changed: the clouds', where there are any.</summary>
    private (Resource Resource, Resource Word, bool Live) Merged()
    {
        var contributions = connection.Query<(int Rank, string Body, long? GoneAt)>(
            "SELECT rank, body, gone_at FROM graph_contribution WHERE node = @node ORDER BY rank, source, key", new { node }).AsList();
        if (contributions.Count == 0)
        {
            var last = ResourceDocument.Read(connection.QuerySingle<string>("SELECT body FROM graph_document WHERE node = @node", new { node }));
            return (last, last, false);
        }

        var seen = contributions.Where(contribution => contribution.GoneAt is null).ToList();
        var goneFromCloud = seen.All(contribution => contribution.Rank != Rank.Cloud) && contributions.Any(contribution => contribution.Rank == Rank.Cloud);
        var views = goneFromCloud ? contributions : seen;
        var told = views.Select(view => (view.Rank, Resource: ResourceDocument.Read(view.Body))).ToList();
        return (Merge.Of([.. told.Select(view => view.Resource)]), Merge.Of([.. told.Where(view => view.Rank == told[0].Rank).Select(view => view.Resource)]), !goneFromCloud);
    }

    private List<Address> Addresses() => [.. connection.Query<(string, bool, string?)>(
        "SELECT address, part, owner FROM graph_managed WHERE node = @node ORDER BY part, source, state, address LIMIT 200", new { node }).Select(row => new Address(row.Item1, row.Item2, row.Item3))];

    private void Store(Resource resource, byte[] facts, byte[] hash, string? owner, bool managed, bool live, bool changed)
    {
        connection.Execute(
            """
            UPDATE graph_resource SET id = @Id, type = @Type, name = @Name, provider = @Provider, account = @Account, region = @Region, environment = @Environment,
                status = @Status, owner = @owner, managed = @managed, facts = @facts, hash = @hash,
                changed_at = CASE WHEN @changed THEN @now ELSE changed_at END, gone_at = CASE WHEN @live THEN NULL ELSE coalesce(gone_at, @now) END
            WHERE node = @node;
            INSERT INTO graph_document (node, body) VALUES (@node, @body) ON CONFLICT (node) DO UPDATE SET body = excluded.body;
            """,
            new
            {
                resource.Id, resource.Type, resource.Name, resource.Provider, resource.Account, resource.Region, resource.Environment, resource.Status,
                owner, managed, facts, hash, changed, live, now, node, body = ResourceDocument.Write(resource),
            });
    }

    private void StoreTags(Resource resource)
    {
        var stored = connection.Query<(string, string)>("SELECT key, value FROM graph_tag WHERE organization = @organization AND node = @node", new { organization, node }).ToHashSet();
        var wanted = resource.Tags.Select(tag => (tag.Key, tag.Value)).ToHashSet();
        foreach (var (key, value) in stored.Except(wanted))
        {
            connection.Execute("DELETE FROM graph_tag WHERE organization = @organization AND node = @node AND key = @key", new { organization, node, key });
        }

        foreach (var (key, value) in wanted.Except(stored))
        {
            connection.Execute("INSERT INTO graph_tag (organization, node, key, value) VALUES (@organization, @node, @key, @value)", new { organization, node, key, value });
        }
    }

    private void StoreText(string text)
    {
        var old = connection.QueryFirstOrDefault<string>("SELECT text FROM graph_text WHERE node = @node", new { node });
        if (old == text)
        {
            return;
        }

        if (old is not null)
        {
            connection.Execute("INSERT INTO graph_text_index (graph_text_index, rowid, text) VALUES ('delete', @node, @old)", new { node, old });
        }

        connection.Execute(
            """
            INSERT INTO graph_text (node, text) VALUES (@node, @text) ON CONFLICT (node) DO UPDATE SET text = excluded.text;
            INSERT INTO graph_text_index (rowid, text) VALUES (@node, @text);
            """, new { node, text });
    }

    private List<string> NewNames(Resource resource)
    {
        var id = IdentityKey.Of(resource.Id);
        var keys = connection.Query<string>("SELECT key FROM graph_contribution WHERE node = @node", new { node });
        var wanted = resource.Aliases.Select(IdentityKey.Of).Concat(keys).Append(id).Where(key => key.Length > 0).ToHashSet();
        var stored = connection.Query<(string Key, bool IsId)>("SELECT key, is_id FROM graph_alias WHERE node = @node", new { node }).ToDictionary(alias => alias.Key, alias => alias.IsId);
        foreach (var key in stored.Keys.Where(key => !wanted.Contains(key)))
        {
            connection.Execute("DELETE FROM graph_alias WHERE organization = @organization AND key = @key AND node = @node", new { organization, key, node });
        }

        var changed = wanted.Where(key => !stored.TryGetValue(key, out var isId) || isId != (key == id)).ToList();
        foreach (var key in changed)
        {
            connection.Execute(
                "INSERT INTO graph_alias (organization, key, node, is_id) VALUES (@organization, @key, @node, @isId) ON CONFLICT DO UPDATE SET is_id = excluded.is_id",
                new { organization, key, node, isId = key == id });
        }

        return changed;
    }

    private static string SearchText(Resource resource, List<Address> addresses)
    {
        var lines = new[] { resource.Name, resource.Id }
            .Concat(addresses.Select(address => address.Text))
            .Concat(resource.Aliases)
            .Concat(resource.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));
        var text = string.Join('\n', lines.Distinct()).ToLowerInvariant();
        return text.Length > MostText ? text[..MostText] : text;
    }
}

/// <summary>Keeps what a resource was before it changed.</summary>
internal sealed class History(DbConnection connection, string organization, long now, long node, Tally tally)
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

        var old = connection.QuerySingle<string>("SELECT body FROM graph_document WHERE node = @node", new { node });
        var what = (wasLive, isLive) switch { (true, false) => "gone", (false, true) => "appeared", _ => "changed" };
        var fields = string.Join('\n', Differences(ResourceDocument.Read(old), resource).Take(MostFields));
        connection.Execute(
            """
            INSERT INTO graph_version (node, until, body) VALUES (@node, @now, @old) ON CONFLICT DO NOTHING;
            INSERT INTO graph_change (organization, node, time, what, fields) VALUES (@organization, @node, @now, @what, @fields);
            """, new { organization, node, now, old, what, fields });
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
