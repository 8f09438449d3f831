using System.Text.Json;

namespace McpInfra.Graph.Collectors.State;

/// <summary>What Pulumi's resource types (`aws:s3/bucketV2:BucketV2`) are called by Terraform or by the provider.</summary>
internal static class PulumiTypes
{
    private static readonly Dictionary<string, string> Providers = new() { ["aws"] = "aws", ["gcp"] = "google", ["azure"] = "azurerm", ["oci"] = "oci" };

    /// <summary>The Terraform type where there is one that is known, Azure's own by its id, else Pulumi's.</summary>
    public static string Of(string type, string? id)
    {
        var steps = type.Split(':');
        if (steps is not [var package, var module, var name])
        {
            return type;
        }

        if (AzureId.TypeOf(id) is { } azure)
        {
            return azure;
        }

        if (package == "kubernetes")
        {
            var group = module.Split('/')[0];
            return group == "core" ? name : $"{group}/{name}";
        }

        var plain = JsonNamingPolicy.SnakeCaseLower.ConvertName(name.EndsWith("V2", StringComparison.Ordinal) ? name[..^2] : name);
        var area = module.Split('/')[0];
        return Providers.TryGetValue(package, out var provider)
            ? new[] { $"{provider}_{area}_{plain}", $"{provider}_{plain}" }.FirstOrDefault(candidate => TerraformTypes.ProviderType(candidate) != candidate) ?? $"{provider}_{area}_{plain}"
            : type;
    }
}
