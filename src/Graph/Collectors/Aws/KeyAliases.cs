using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>The region's key aliases, read once: services name a key by ARN, id or alias, and a relation wants the key.</summary>
internal sealed class KeyAliases(AwsScope scope)
{
    private readonly Lock _once = new();
    private Task<List<AliasListEntry>>? _read;

    /// <summary>Every alias that stands for a key.</summary>
    public Task<List<AliasListEntry>> AllAsync(CancellationToken stop)
    {
        lock (_once)
        {
            return (_read ??= ReadAsync(scope.Stop)).WaitAsync(stop);
        }
    }

    /// <summary>ARN of the key that was named by ARN, id or alias; the alias's ARN where aliases cannot be read.</summary>
    public async Task<string?> ResolveAsync(string? named, CancellationToken stop)
    {
        if (string.IsNullOrEmpty(named))
        {
            return null;
        }

        var arn = named.StartsWith("arn:", StringComparison.Ordinal) ? named
            : scope.Arn("kms", named.StartsWith("alias/", StringComparison.Ordinal) ? named : "key/" + named);
        if (!arn.Contains(":alias/", StringComparison.Ordinal))
        {
            return arn;
        }

        try
        {
            var alias = (await AllAsync(stop).ConfigureAwait(false)).FirstOrDefault(a => a.AliasArn == arn);
            return alias is null ? arn : scope.Arn("kms", "key/" + alias.TargetKeyId);
        }
        catch (Exception e) when (AwsException.Of(e) is not null)
        {
            return arn; // The listing of keys reports it, and a key is known by its aliases' ARNs too.
        }
    }

    private async Task<List<AliasListEntry>> ReadAsync(CancellationToken stop)
    {
        var client = Kms.Client(scope);
        var pages = Pages.ReadAsync(
            scope, token => client.ListAliasesAsync(new ListAliasesRequest { Limit = 100, Marker = token }, stop), page => page.NextMarker, stop);
        var aliases = new List<AliasListEntry>();
        await foreach (var page in pages.ConfigureAwait(false))
        {
            aliases.AddRange(AwsAnswer.List(page.Aliases, "Aliases", page.NextMarker).Where(a => !string.IsNullOrEmpty(a.TargetKeyId)));
        }

        return aliases;
    }
}
