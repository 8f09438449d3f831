using McpInfra.Tools.Sandbox;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>A provider's unpacked package whose hash was checked.</summary>
/// <param name="Address">Which provider.</param>
/// <param name="Version">Which version.</param>
/// <param name="Hash">`h1:` of its content.</param>
/// <param name="Folder">Where it lies on the host, absolute, links resolved.</param>
/// <param name="Voucher">Who vouches for the hash, in our own words.</param>
public sealed record VerifiedPackage(ProviderAddress Address, ProviderVersion Version, string Hash, string Folder, string Voucher)
{
    /// <summary>Its path under a folder of providers, as engines lay them out.</summary>
    public string Layout(string platform) => $"{Address.Host}/{Address.Namespace}/{Address.Type}/{Version}/{platform}";

    /// <summary>How it is shown in a cage.</summary>
    public ReadOnlyBind Bind(string platform) => new(Folder, $"/providers/{Layout(platform)}");
}
