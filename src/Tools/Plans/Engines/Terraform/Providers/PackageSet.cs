using System.Text;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>The packages of one run; none of them is evicted from the cache until this is disposed.</summary>
/// <param name="packages">Ordered by address.</param>
/// <param name="leases">What keeps them there.</param>
public sealed class PackageSet(IReadOnlyList<VerifiedPackage> packages, IReadOnlyList<IDisposable> leases) : IDisposable
{
    /// <summary>No package, for a stack that uses only what is built into the engine.</summary>
    public static PackageSet Empty { get; } = new([], []);

    /// <summary>Ordered by address.</summary>
    public IReadOnlyList<VerifiedPackage> Packages => packages;

    /// <summary>Which providers a plan ran with, for its digest.</summary>
    public byte[] Listing => Encoding.UTF8.GetBytes(string.Concat(packages.Select(package => $"{package.Address} {package.Version} {package.Hash}\n")));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var lease in leases)
        {
            lease.Dispose();
        }
    }
}
