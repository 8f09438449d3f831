namespace McpInfra.Graph.Collectors.Aws;

/// <summary>The listing of one type: read to its end it is complete, thrown out of it has failed.</summary>
/// <param name="Service">The service as IAM names it.</param>
/// <param name="Type">The type, as CloudFormation names it.</param>
/// <param name="Permission">What the identity that scans must be allowed.</param>
/// <param name="Read">Everything of the type, with its relations.</param>
internal sealed record Listing(string Service, string Type, string Permission, Func<AwsScope, CancellationToken, IAsyncEnumerable<Observation>> Read)
{
    /// <summary>Whether it is the account's, not a region's.</summary>
    public bool Global { get; init; }

    /// <summary>The error by which the service says that the account has what it lists switched off, so that there is nothing of it; null for none.</summary>
    public string? Off { get; init; }
}
