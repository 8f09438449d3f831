using System.Text.Json;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>
/// Tags of a region by ARN, read once in pages of a hundred: one request a function, queue or key would be throttled.
/// A listing that needs them fails with them, for a resource whose environment went unread could be taken for harmless.
/// </summary>
internal sealed class TagIndex(AwsScope scope)
{
    private readonly Lock _once = new();
    private Task<Dictionary<string, IReadOnlyDictionary<string, string>>>? _read;

    /// <summary>The tags of one resource.</summary>
    /// <exception cref="AwsException">The tags cannot be read.</exception>
    public async Task<IReadOnlyDictionary<string, string>> OfAsync(string arn, CancellationToken stop) =>
        (await AllAsync(stop).ConfigureAwait(false)).GetValueOrDefault(arn) ?? new Dictionary<string, string>();

    /// <summary>The tags of all resources of the region that have or had any.</summary>
    /// <exception cref="AwsException">The tags cannot be read.</exception>
    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> AllAsync(CancellationToken stop)
    {
        Task<Dictionary<string, IReadOnlyDictionary<string, string>>> reading;
        lock (_once)
        {
            reading = _read ??= ReadAsync(scope.Stop);
        }

        try
        {
            return await reading.WaitAsync(stop).ConfigureAwait(false);
        }
        catch (Exception e) when (AwsException.Of(e) is { Fault: CloudFault.Denied } denied)
        {
            throw new AwsException(CloudFault.Denied, denied.Code + " for tag:GetResources", denied.Status, e);
        }
    }

    private async Task<Dictionary<string, IReadOnlyDictionary<string, string>>> ReadAsync(CancellationToken stop)
    {
        var tags = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        var pages = Pages.ReadAsync(
            scope,
            token => scope.Signed.JsonAsync(AwsService.Tagging, "GetResources", new { ResourcesPerPage = 100, PaginationToken = token ?? "" }, stop),
            page => page.Text("PaginationToken"),
            stop);
        await foreach (var page in pages.ConfigureAwait(false))
        {
            foreach (var tagged in AwsAnswer.List(page, "ResourceTagMappingList", "PaginationToken"))
            {
                tags[tagged.Text("ResourceARN") ?? ""] = AwsTags.Of(tagged.Items("Tags"), t => t.Text("Key"), t => t.Text("Value"));
            }
        }

        return tags;
    }
}
