using System.Text.RegularExpressions;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>An account that has answered who we are, and the regions of it to read.</summary>
internal sealed partial class AwsSession : IDisposable
{
    private static readonly Uri Public = new("https://amazonaws.com");

    private AwsSession(AwsConnection connection, string account, IReadOnlyList<string> regions)
    {
        Connection = connection;
        Account = account;
        Regions = regions;
    }

    public AwsConnection Connection { get; }

    /// <summary>Where its listings are read.</summary>
    public Uri Origin => Connection.Endpoint ?? Public;

    public string Account { get; }

    public IReadOnlyList<string> Regions { get; }

    /// <exception cref="SourceException">No region, no credentials, no connection, or AWS does not accept us.</exception>
    public static async Task<AwsSession> OpenAsync(SourceSettings source, AccountSettings account, string? member, ISourceKeys keys, CollectorLimits limits, TimeProvider time, CancellationToken stop)
    {
        var regions = RegionsOf(source.Name, account.Regions);
        var credentials = new RenewedKeys(() => keys.OfAsync(source, account, member, stop));
        await credentials.GetCredentialsAsync().ConfigureAwait(false);
        var connection = new AwsConnection(credentials, account.Endpoint, limits, time);
        try
        {
            var id = await AccountAsync(connection, source.Name, regions[0], stop).ConfigureAwait(false);
            return member is null || id == member ? new AwsSession(connection, id, regions) : throw new SourceException($"Source {source.Name}: the keys for account {member} are of another; check the role's name.");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose() => Connection.Dispose();

    private static string[] RegionsOf(string source, IReadOnlyList<string> named)
    {
        var ambient = Environment.GetEnvironmentVariable("AWS_REGION") ?? Environment.GetEnvironmentVariable("AWS_DEFAULT_REGION");
        string[] regions = [.. (named.Count > 0 ? named : ambient is { Length: > 0 } ? [ambient] : []).Distinct(StringComparer.Ordinal)];
        return regions.Length == 0
            ? throw new SourceException($"Source {source}: no region; name some under `regions`, such as us-east-1.")
            : regions.All(r => RegionForm().IsMatch(r)) // A region becomes part of a host name.
                ? regions
                : throw new SourceException($"Source {source}: `regions` holds something that is no AWS region; write them as us-east-1.");
    }

    private static async Task<string> AccountAsync(AwsConnection connection, string source, string region, CancellationToken stop)
    {
        var at = connection.Endpoint?.GetLeftPart(UriPartial.Authority) ?? $"AWS STS in {region}";
        try
        {
            using var client = new AmazonSecurityTokenServiceClient(connection.Credentials, connection.Configure(new AmazonSecurityTokenServiceConfig(), region));
            var identity = await client.GetCallerIdentityAsync(new GetCallerIdentityRequest(), stop).ConfigureAwait(false);
            return identity.Account is { Length: > 0 } account ? account : throw new AwsException(CloudFault.Garbage, "an identity without an account");
        }
        catch (Exception e) when (e is not SourceException && !stop.IsCancellationRequested)
        {
            throw new SourceException(AwsFailures.Explain(AwsException.Of(e), source, at, connection), e);
        }
    }

    [GeneratedRegex(@"^[a-z]{2,4}(-[a-z]{2,12}){1,3}-\d{1,2}$")]
    private static partial Regex RegionForm();
}
