namespace McpInfra.Graph.Store;

/// <summary>A resource in the form in which it is stored: made where the store is not waited for, and without the tree of its configuration, which takes several times the memory.</summary>
internal sealed class StoredResource
{
    private const int MostText = 32_000;

    private readonly byte[] plainHash;

    private StoredResource(Resource resource)
    {
        (Body, var facts) = ResourceDocument.Write(resource);
        (Hash, Facts) = (Fingerprint.Bytes(Fingerprint.Of(Body)), Fingerprint.Bytes(facts));
        (Outline, Key) = (resource with { Configuration = [] }, IdentityKey.Of(resource.Id));
        (PlainText, Tags, Owner) = (Lines([]), RowTags.Write(resource.Tags), Merge.Owner(resource));
        plainHash = RowHash(Convert.ToHexString(Hash), PlainText, Owner, "", "live");
    }

    /// <summary>The resource without its configuration, which only the body has.</summary>
    public Resource Outline { get; }

    /// <summary>The form in which its id is compared.</summary>
    public string Key { get; }

    /// <summary>The whole as <see cref="ResourceDocument"/>, in UTF-8.</summary>
    public byte[] Body { get; }

    /// <summary>Of the body.</summary>
    public byte[] Hash { get; }

    /// <summary>Of what counts as a change.</summary>
    public byte[] Facts { get; }

    public static StoredResource Of(Resource resource) => new(resource);

    /// <summary>The name as the row has it; the whole is in the document.</summary>
    public string RowName => Bounded.Text(Outline.Name);

    /// <summary>Tags as filters find them; the whole is in the document.</summary>
    public string Tags { get; }

    /// <summary>Whom its tags name as owner.</summary>
    public string? Owner { get; }

    /// <summary>Keys of its aliases, its id's left out.</summary>
    public IEnumerable<string> OtherNames => Outline.Aliases.Select(IdentityKey.Of).Where(name => name.Length > 0 && name != Key).Distinct();

    /// <summary>What searches look through when no state manages it.</summary>
    public string PlainText { get; }

    /// <summary>What searches look through.</summary>
    /// <param name="addresses">Under which states manage it.</param>
    public string Text(IReadOnlyCollection<string> addresses) => addresses.Count == 0 ? PlainText : Lines(addresses);

    /// <summary>What tells whether the merged row is as it was.</summary>
    public byte[] RowHash(string text, string? owner, bool managed, bool live) => live && !managed && owner == Owner && text == PlainText
        ? plainHash
        : RowHash(Convert.ToHexString(Hash), text, owner, managed ? "managed" : "", live ? "live" : "");

    private static byte[] RowHash(params ReadOnlySpan<string?> texts) => Fingerprint.Bytes(Fingerprint.Of(texts));

    private string Lines(IEnumerable<string> addresses)
    {
        var lines = new[] { Outline.Name, Outline.Id }
            .Concat(addresses)
            .Concat(Outline.Aliases)
            .Concat(Outline.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));
        var text = string.Join('\n', lines.Distinct()).ToLowerInvariant();
        return text.Length > MostText ? text[..MostText] : text;
    }
}
