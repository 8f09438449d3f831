using System.Text;
using System.Text.Json;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>A provider's own registry: https://developer.hashicorp.com/terraform/internals/provider-registry-protocol. What it offers must be in a list of checksums that its maker signed.</summary>
/// <param name="downloads">Gets its documents.</param>
internal sealed class Registry(Downloads downloads) : IProviderSource
{
    private const int MostDocument = 8 << 20;
    private const int MostSums = 1 << 20;

    /// <inheritdoc/>
    public string Name => "registry";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ProviderVersion>> VersionsAsync(ProviderAddress address, string platform, CancellationToken stop)
    {
        var service = await ServiceAsync(address, stop);
        var listing = await Documents.ReadAsync(downloads, new Uri(service, $"{address.Namespace}/{address.Type}/versions"), MostDocument, stop);
        return listing?.TryGetProperty("versions", out var versions) is true && versions.ValueKind is JsonValueKind.Array
            ? [.. versions.EnumerateArray().Where(version => IsFor(version, platform)).Select(version => ProviderVersion.Parse(version.TryGetProperty("version", out var number) ? number.ToString() : "")).OfType<ProviderVersion>()]
            : [];
    }

    /// <inheritdoc/>
    public async Task<OfferedPackage?> OfferAsync(ProviderAddress address, ProviderVersion version, string platform, CancellationToken stop)
    {
        var service = await ServiceAsync(address, stop);
        var document = new Uri(service, $"{address.Namespace}/{address.Type}/{version}/download/{platform.Replace('_', '/')}");
        if (await Documents.ReadAsync(downloads, document, MostDocument, stop) is not { } package)
        {
            return null;
        }

        var sums = await ReadAsync(package, "shasums_url", document, stop);
        var signature = await ReadAsync(package, "shasums_signature_url", document, stop);
        var signer = SignedSums.Signer(sums, signature, Keys(package))
            ?? throw new EngineException("The checksums of the provider are not signed by a key that its registry names, so it was not run. Name a mirror that you trust in engines.terraform.cli_config.") { Named = $"{address} {version}" };
        if (address is { Host: ProviderAddress.DefaultHost, Namespace: "hashicorp" } && signer != SignedSums.HashiCorp)
        {
            throw new EngineException("The checksums of the provider are signed by another key than HashiCorp's, so it was not run.") { Named = $"{address} {version}" };
        }

        var name = Documents.Text(package, "filename", document);
        var sum = SignedSums.Of(sums, name) ?? throw new EngineException("The signed checksums of the provider do not name its package, so it was not run.") { Named = $"{address} {version}" };
        return new OfferedPackage($"checksums signed by {signer[^16..]}")
        {
            Url = Documents.Address(package, "download_url", document),
            Hashes = new HashSet<string>(StringComparer.Ordinal) { "zh:" + sum },
        };
    }

    private async Task<Uri> ServiceAsync(ProviderAddress address, CancellationToken stop)
    {
        var discovery = new Uri($"https://{address.Host}/.well-known/terraform.json");
        var services = await Documents.ReadAsync(downloads, discovery, MostDocument, stop) ?? throw new EngineException("The host of a provider is no provider registry. Check the provider's source.") { Named = address.Host };
        var service = Documents.Address(services, "providers.v1", discovery);
        return service.AbsoluteUri.EndsWith('/') ? service : new Uri(service.AbsoluteUri + "/");
    }

    private async Task<byte[]> ReadAsync(JsonElement package, string name, Uri document, CancellationToken stop) =>
        await downloads.ReadAsync(Documents.Address(package, name, document), MostSums, stop) ?? throw new EngineException($"{document.Host} names checksums that are not there. Try again later, or name a mirror in engines.terraform.cli_config.");

    private static IEnumerable<byte[]> Keys(JsonElement package) =>
        package.TryGetProperty("signing_keys", out var signing) && signing.ValueKind is JsonValueKind.Object && signing.TryGetProperty("gpg_public_keys", out var keys) && keys.ValueKind is JsonValueKind.Array
            ? keys.EnumerateArray().Take(10).Select(key => key.ValueKind is JsonValueKind.Object && key.TryGetProperty("ascii_armor", out var armor) ? Encoding.UTF8.GetBytes(armor.ToString()) : [])
            : [];

    private static bool IsFor(JsonElement version, string platform) => version.ValueKind is JsonValueKind.Object
        && version.TryGetProperty("platforms", out var platforms) && platforms.ValueKind is JsonValueKind.Array
        && platforms.EnumerateArray().Any(one => one.ValueKind is JsonValueKind.Object && one.TryGetProperty("os", out var system) && one.TryGetProperty("arch", out var processor) && $"{system}_{processor}" == platform);
}
