namespace McpInfra.Graph;

/// <summary>One account, tenant, tenancy or cluster of a source, read with a credential of its own.</summary>
/// <param name="Name">Unique within the source; empty for the one that the source itself is.</param>
public sealed record AccountSettings(string Name)
{
    /// <summary>What of it is read: subscriptions (all that the identity sees when empty), or `projects/…`, `folders/…` and `organizations/…`; of AWS the account that its credential is pinned to.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Regions to scan, for clouds that are asked region by region.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>The one endpoint that its credential is sent to; null for the provider's own.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The AWS accounts of its organisation that are left out; null when only the account itself is read.</summary>
    public IReadOnlyList<string>? MembersExcept { get; init; }

    /// <summary>The AWS Config aggregator that is read in place of everything else, for all accounts and regions that it gathers; null for none.</summary>
    public string? Aggregator { get; init; }

    /// <summary>Absolute path of a kubeconfig; null for the cluster that the server runs in.</summary>
    public string? KubeConfig { get; init; }

    /// <summary>Context of the kubeconfig; null for its current one.</summary>
    public string? Context { get; init; }
}
