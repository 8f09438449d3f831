using System.Text.Json;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>The operator's network mirror: https://developer.hashicorp.com/terraform/internals/provider-network-mirror-protocol.</summary>
/// <param name="root">Its https address.</param>
/// <param name="downloads">Gets its documents.</param>
internal sealed class NetworkMirror(Uri root, Downloads downloads) : IProviderSource
{
    private const int MostDocument = 4 << 20;
    private const string Voucher = "the operator's network mirror";
    private readonly Uri root = root.AbsoluteUri.EndsWith('/') ? root : new Uri(root.AbsoluteUri + "/");

    /// <inheritdoc/>
    public string Name => $"{Voucher} {root}";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ProviderVersion>> VersionsAsync(ProviderAddress address, string platform, CancellationToken stop)
    {
        var index = await Documents.ReadAsync(downloads, new Uri(root, $"{address}/index.json"), MostDocument, stop);
        return index?.TryGetProperty("versions", out var versions) is true && versions.ValueKind is JsonValueKind.Object
            ? [.. versions.EnumerateObject().Select(version => ProviderVersion.Parse(version.Name)).OfType<ProviderVersion>()]
            : [];
    }

    /// <inheritdoc/>
    public async Task<OfferedPackage?> OfferAsync(ProviderAddress address, ProviderVersion version, string platform, CancellationToken stop)
    {
        var document = new Uri(root, $"{address}/{version}.json");
        var listing = await Documents.ReadAsync(downloads, document, MostDocument, stop);
        if (listing?.TryGetProperty("archives", out var archives) is not true || archives.ValueKind is not JsonValueKind.Object || !archives.TryGetProperty(platform, out var archive))
        {
            return null;
        }

        var hashes = archive.TryGetProperty("hashes", out var listed) && listed.ValueKind is JsonValueKind.Array ? listed.EnumerateArray().Select(hash => hash.ToString()) : [];
        return new OfferedPackage(Voucher) { Url = Documents.Address(archive, "url", document), Hashes = hashes.ToHashSet(StringComparer.Ordinal) };
    }
}
