using System.Globalization;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Collectors;

/// <summary>One listing: read to its end what it covers is complete, thrown out of it has failed.</summary>
/// <param name="Account">Account that it covers; null for all of the source's.</param>
/// <param name="Region">Region that it covers; null for all.</param>
/// <param name="Service">The service in the provider's own name.</param>
/// <param name="Type">The type that it covers, `*` for all of the account's, or <see cref="Finding.Scope"/>.</param>
/// <param name="Permission">What the identity that scans must be allowed.</param>
/// <param name="Read">Everything in it from a place on.</param>
internal sealed record ScopeListing(string? Account, string? Region, string Service, string Type, string Permission, Func<Place, CancellationToken, IAsyncEnumerable<Observation>> Read)
{
    /// <summary>Whether its end says what is gone; not so for one that only adds to what another listed.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>Where it is read, for one that can go on where a scan was cut: nobody needs what its first pages told.</summary>
    public Uri? Origin { get; init; }

    /// <summary>What it is known by at the next scan; null for one that starts anew.</summary>
    public string? Key => Origin is null ? null : Fingerprint.Of(Origin.AbsoluteUri, Account, Region, Service, Type).ToString("x32", CultureInfo.InvariantCulture);
}
