using System.Globalization;
using System.Text;
using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>A stack's `.terraform.lock.hcl`: which versions it was made with, and hashes of their packages.</summary>
/// <param name="Providers">In the order written; each address once.</param>
public sealed record LockFile(IReadOnlyList<LockedProvider> Providers)
{
    /// <summary>Its name, in the stack's folder.</summary>
    public const string FileName = ".terraform.lock.hcl";

    /// <summary>Reads it.</summary>
    /// <exception cref="EngineException">It is not a lock file.</exception>
    public static LockFile Read(byte[] bytes)
    {
        var file = HclReader.Read(FileName, bytes);
        if (file.Fault is { } fault)
        {
            throw At(fault.Line, fault.Message);
        }

        var providers = file.Body.Blocks.Where(block => block.Type == "provider").Select(Provider).ToList();
        return providers.DistinctBy(provider => provider.Address).Count() == providers.Count ? new(providers) : throw At(1, "a provider is locked twice");
    }

    /// <summary>A lock file that pins these versions and leaves out hashes: whoever reads it would compute them from packages that are verified already.</summary>
    public static byte[] Pinning(IEnumerable<VerifiedPackage> packages) => Encoding.UTF8.GetBytes(string.Concat(packages.Select(package => string.Create(
        CultureInfo.InvariantCulture, $"provider \"{package.Address}\" {{\n  version = \"{package.Version}\"\n}}\n"))));

    private static LockedProvider Provider(HclBlock block) => new(
        block.Labels is [var label] && ProviderAddress.Parse(label) is { } address && label.Split('/').Length == 3 ? address : throw At(block.Span.Line, "a provider's address is not one"),
        block.Body.Attribute("version")?.Value is HclExpression.Text { Value: var version } && ProviderVersion.Parse(version) is { } read ? read : throw At(block.Span.Line, "a provider has no version"),
        block.Body.Attribute("hashes")?.Value switch
        {
            null => [],
            HclExpression.Tuple { Items: var items } => items.Select(item => item is HclExpression.Text { Value: var hash } ? hash : throw At(block.Span.Line, "a hash is not a literal string")).ToHashSet(StringComparer.Ordinal),
            _ => throw At(block.Span.Line, "`hashes` is not a list"),
        });

    private static EngineException At(int line, string what) => new($"The stack's {FileName} cannot be used at line {line}: {what}. Make it again with `terraform init`.");
}

/// <summary>One provider of a lock file.</summary>
/// <param name="Address">Its name.</param>
/// <param name="Version">The version that was chosen.</param>
/// <param name="Hashes">`h1:` and `zh:` hashes of its packages for any platform; empty when there are none.</param>
public sealed record LockedProvider(ProviderAddress Address, ProviderVersion Version, IReadOnlySet<string> Hashes);
