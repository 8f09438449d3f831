using System.Text.Json;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;

namespace McpInfra.Tools.Plans.Engines.Terraform.Modules;

/// <summary>A registry of modules: https://developer.hashicorp.com/terraform/registry/api-docs.</summary>
/// <param name="downloads">Gets its documents.</param>
internal sealed class ModuleRegistry(Downloads downloads)
{
    private const int MostDocument = 8 << 20;

    /// <summary>Versions that it has.</summary>
    /// <exception cref="EngineException">It does not answer.</exception>
    public async Task<IReadOnlyList<ProviderVersion>> VersionsAsync(RemoteSource.Registry module, CancellationToken stop)
    {
        var listing = await Documents.ReadAsync(downloads, new Uri(await ServiceAsync(module, stop), $"{module.Namespace}/{module.Name}/{module.System}/versions"), MostDocument, stop);
        return listing?.TryGetProperty("modules", out var modules) is true && modules.ValueKind is JsonValueKind.Array
            ? [.. modules.EnumerateArray().Take(1).Where(one => one.ValueKind is JsonValueKind.Object && one.TryGetProperty("versions", out var versions) && versions.ValueKind is JsonValueKind.Array)
                .SelectMany(one => one.GetProperty("versions").EnumerateArray())
                .Select(version => version.ValueKind is JsonValueKind.Object && version.TryGetProperty("version", out var number) ? ProviderVersion.Parse(number.ToString()) : null).OfType<ProviderVersion>()]
            : [];
    }

    /// <summary>Where a version is fetched from: a source as code would write it, in the header `X-Terraform-Get` or, of newer registries, in the body.</summary>
    /// <exception cref="EngineException">It does not say.</exception>
    public async Task<string> LocationAsync(RemoteSource.Registry module, ProviderVersion version, CancellationToken stop)
    {
        var document = new Uri(await ServiceAsync(module, stop), $"{module.Namespace}/{module.Name}/{module.System}/{version}/download");
        var location = await downloads.HeaderAsync(document, "X-Terraform-Get", stop)
            ?? Documents.Text(await Documents.ReadAsync(downloads, document, MostDocument, stop) ?? default, "location", document);

        // It may say where beside itself.
        return location.StartsWith('/') || location.StartsWith("./", StringComparison.Ordinal) || location.StartsWith("../", StringComparison.Ordinal) ? new Uri(document, location).AbsoluteUri : location;
    }

    private async Task<Uri> ServiceAsync(RemoteSource.Registry module, CancellationToken stop)
    {
        var discovery = new Uri($"https://{module.Host}/.well-known/terraform.json");
        var services = await Documents.ReadAsync(downloads, discovery, MostDocument, stop) ?? throw new EngineException("The host of a module is no module registry. Check the module's source.") { Named = module.Host };
        var service = Documents.Address(services, "modules.v1", discovery);
        return service.AbsoluteUri.EndsWith('/') ? service : new Uri(service.AbsoluteUri + "/");
    }
}
