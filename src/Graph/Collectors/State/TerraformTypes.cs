using System.Collections.Frozen;
using McpInfra.Graph.Hcl;

namespace McpInfra.Graph.Collectors.State;

/// <summary>What Terraform's resource types are called by their providers, and which of them only configure another resource.</summary>
public static class TerraformTypes
{
    private static readonly FrozenDictionary<string, string> ProviderTypes =
        EmbeddedTable.Rows("types.txt").ToFrozenDictionary(row => row[0], row => row[1], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, Part> Parts =
        EmbeddedTable.Rows("parts.txt").ToFrozenDictionary(row => row[0], row => new Part(row[1], row[2], row[3]), StringComparer.Ordinal);

    /// <summary>The provider's own type, or the Terraform type itself where the provider has no name for it.</summary>
    public static string ProviderType(string terraformType) => ProviderTypes.GetValueOrDefault(terraformType, terraformType);

    /// <summary>Whether resources of the type only configure another, and so are parts of it.</summary>
    public static bool IsPart(string terraformType) => Parts.ContainsKey(terraformType);

    /// <summary>Whether the address's resource only configures another.</summary>
    internal static bool IsPartAddress(string address) => CodeAddress.WithoutKeys(address)?.Split('.') is [.., var type, _] && IsPart(type);

    /// <summary>aws, azure, gcp, oci, kubernetes, or terraform for what only the engine knows.</summary>
    internal static string Provider(string terraformType) => IsAzure(terraformType) ? "azure" : terraformType[..Math.Max(0, terraformType.IndexOf('_', StringComparison.Ordinal))] switch
    {
        "aws" or "awscc" => "aws",
        "azurerm" or "azuread" or "azapi" => "azure",
        "google" => "gcp",
        "oci" => "oci",
        "kubernetes" or "helm" => "kubernetes",
        _ => "terraform",
    };

    private static bool IsAzure(string type) => type.StartsWith("Microsoft.", StringComparison.OrdinalIgnoreCase);

    internal static Part? FindPart(string terraformType) => Parts.GetValueOrDefault(terraformType);

    /// <param name="OwnerAttribute">Attribute that names the owner.</param>
    /// <param name="OwnerType">The owner's Terraform type, `*` for any.</param>
    /// <param name="Fact">Fact of the owner that it sets.</param>
    internal sealed record Part(string OwnerAttribute, string OwnerType, string Fact);
}
