using System.Text;

namespace McpInfra.Graph.Store;

/// <summary>Merges one resource from its contributions; writes only what differs from what is stored.</summary>
/// <param name="sql">The transaction's statements.</param>
/// <param name="texts">Where the text that searches look through is collected.</param>
/// <param name="organization">The organisation.</param>
/// <param name="now">When the scan began.</param>
/// <param name="tally">Counts what changed.</param>
/// <param name="journal">Tells readers.</param>
internal sealed class NodeMerge(Statements sql, SearchTexts texts, string organization, long now, Tally tally, Journal journal)
{
    private readonly History history = new(sql, organization, now, tally);
    private readonly DriftWriter drift = new(sql, organization, now);

    /// <summary>What one source tells of the resource.</summary>
    internal sealed record View(int Rank, Resource Resource);

    /// <param name="Resource">As all sources tell it.</param>
    /// <param name="Facts">Of the word that decides whether it changed: the clouds', where there are any.</param>
    /// <param name="IsLive">Whether it is there.</param>
    /// <param name="Told">What each source tells, the clouds first.</param>
    private sealed record Merged(StoredResource Resource, byte[] Facts, bool IsLive, IReadOnlyList<View> Told);

    /// <summary>Merges; answers the names by which the resource was not known before.</summary>
    /// <param name="node">The resource.</param>
    /// <param name="stored">What is stored of it.</param>
    /// <param name="said">What one source said of it in this transaction, if one did.</param>
    public IReadOnlyCollection<string> Run(long node, StoredNode stored, StoredResource? said)
    {
        var isOnly = said is not null && stored.Contributions is [{ GoneAt: null }];
        var merged = isOnly ? new Merged(said!, said!.Facts, true, []) : Merge(stored);
        drift.Run(node, merged.IsLive ? merged.Told : [], stored.Drift);
        var resource = merged.Resource;
        var owner = resource.Owner ?? stored.Addresses.Select(address => address.Owner).FirstOrDefault(name => name is not null);
        var managed = stored.Addresses.Exists(address => !address.IsPart);
        var text = resource.Text([.. stored.Addresses.Select(address => address.Text)]);
        var hash = resource.RowHash(text, owner, managed, merged.IsLive);
        if (stored.Hash.AsSpan().SequenceEqual(hash))
        {
            return [];
        }

        var changed = history.Note(node, stored, merged.Facts, merged.IsLive, resource.Body);
        StoreRow(node, resource, merged, hash, owner, managed, changed);
        StoreDocument(node, stored, Encoding.UTF8.GetString(resource.Body), isOnly);
        journal.Row(node);
        StoreText(node, stored.Text, text);
        return StoreNames(node, stored, resource);
    }

    private static Merged Merge(StoredNode stored)
    {
        if (stored.Contributions.Count == 0)
        {
            var last = StoredResource.Of(ResourceDocument.Read(stored.Document!));
            return new Merged(last, last.Facts, false, []);
        }

        var seen = stored.Contributions.Where(contribution => contribution.GoneAt is null).ToList();
        var goneFromCloud = seen.All(contribution => contribution.Rank != Rank.Cloud) && stored.Contributions.Exists(contribution => contribution.Rank == Rank.Cloud);
        var told = (goneFromCloud ? stored.Contributions : seen).Select(view => new View(view.Rank, ResourceDocument.Read(view.Body))).ToList();
        var resource = StoredResource.Of(Store.Merge.Of([.. told.Select(view => view.Resource)]));
        var facts = told.TrueForAll(view => view.Rank == told[0].Rank) ? resource.Facts : StoredResource.Of(Store.Merge.Of([.. told.Where(view => view.Rank == told[0].Rank).Select(view => view.Resource)])).Facts;
        return new Merged(resource, facts, !goneFromCloud, told);
    }

    private void StoreRow(long node, StoredResource resource, Merged merged, byte[] hash, string? owner, bool managed, bool changed)
    {
        var outline = resource.Outline;
        sql.Send(
            """
            UPDATE graph_resource SET id = @id, type = @type, name = @name, provider = @provider, account = @account, region = @region, environment = @environment,
                status = @status, owner = @owner, managed = @managed, facts = @facts, hash = @hash, tags = @tags,
                changed_at = CASE WHEN @changed = 1 THEN @now ELSE changed_at END, gone_at = CASE WHEN @live = 1 THEN NULL ELSE coalesce(gone_at, @now) END
            WHERE node = @node
            """,
            ("id", outline.Id), ("type", outline.Type), ("name", resource.RowName), ("provider", outline.Provider), ("account", outline.Account), ("region", outline.Region),
            ("environment", outline.Environment), ("status", outline.Status), ("owner", owner), ("managed", managed), ("facts", merged.Facts), ("hash", hash), ("tags", resource.Tags),
            ("changed", changed), ("live", merged.IsLive), ("now", now), ("node", node));
    }

    private void StoreDocument(long node, StoredNode stored, string body, bool isOnly)
    {
        if (body == stored.Document)
        {
            return;
        }

        if (!isOnly && stored.Contributions.Exists(contribution => contribution.IsDocument))
        {
            Contributions.Part(sql, node);
        }

        sql.Send("INSERT INTO graph_document (node, body) VALUES (@node, @body) ON CONFLICT (node) DO UPDATE SET body = excluded.body", ("node", node), ("body", body));
    }

    private void StoreText(long node, string? old, string text)
    {
        if (old is null)
        {
            texts.Add(node, text);
        }
        else if (old != text)
        {
            texts.Change(node, text);
        }
    }

    private List<string> StoreNames(long node, StoredNode stored, StoredResource resource)
    {
        var wanted = resource.OtherNames.Concat(stored.Contributions.Select(contribution => contribution.Key)).Append(resource.Key).Where(key => key.Length > 0).ToHashSet(StringComparer.Ordinal);
        foreach (var key in stored.Names.Keys.Where(key => !wanted.Contains(key)))
        {
            sql.Send("DELETE FROM graph_alias WHERE organization = @organization AND key = @key AND node = @node", ("organization", organization), ("key", key), ("node", node));
        }

        var changed = wanted.Where(key => !stored.Names.TryGetValue(key, out var isId) || isId != (key == resource.Key)).ToList();
        foreach (var key in changed)
        {
            sql.Send(
                "INSERT INTO graph_alias (organization, key, node, is_id) VALUES (@organization, @key, @node, @isId) ON CONFLICT (organization, key, node) DO UPDATE SET is_id = excluded.is_id",
                ("organization", organization), ("key", key), ("node", node), ("isId", key == resource.Key));
        }

        return changed;
    }
}
