using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Tools.Plans.State.Backends;

using Cloud = McpInfra.Tools.Credentials.Cloud;

/// <summary>An object in S3, read by GetObject alone; a folder there by ListObjectsV2 too.</summary>
/// <param name="time">The clock.</param>
public sealed class S3Backend(TimeProvider time) : IStateBackend, IStateFolder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds { get; } = ["s3"];

    /// <inheritdoc/>
    public string Identity(BackendPlace place) => $"s3 {Bucket(place)} {Key(place)}";

    /// <inheritdoc/>
    public async Task<StateFound> ReadAsync(BackendPlace place, StateAccess access, CancellationToken stop)
    {
        var key = Key(place);
        return await AskAsync(place, access, async asking => await asking.GetAsync(key) is not { } bytes ? StateFound.None : new StateFound(bytes, await asking.IsThereAsync(key + ".tflock")), stop);
    }

    /// <inheritdoc/>
    public Task<byte[]?> ReadAsync(BackendPlace place, string path, StateAccess access, CancellationToken stop) => AskAsync(place, access, asking => asking.GetAsync(path), stop);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StateFileEntry>> ListAsync(BackendPlace place, string prefix, StateAccess access, CancellationToken stop) => AskAsync(place, access, asking => ListedPages.ReadAsync(token => asking.ListAsync(prefix, token)), stop);

    private async Task<T> AskAsync<T>(BackendPlace place, StateAccess access, Func<S3Bucket, Task<T>> ask, CancellationToken stop)
    {
        var (bucket, region, endpoint) = (Bucket(place), Region(place), Endpoint(place)); // Before a credential is asked for.
        var customerKey = place.Bound("secret_env") is null ? null : (await access.SecretAsync(stop)).Reveal();
        using var client = new AmazonS3Client(await KeysAsync(place, access, stop), Configuration(endpoint, region, access.Limits));
        using var total = new CancellationTokenSource(access.Limits.Time, time);
        using var silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(stop, total.Token, silence.Token);
        try
        {
            return await ask(new S3Bucket(client, bucket, Owner(place), customerKey, access.Limits, silence, until.Token));
        }
        catch (AmazonServiceException exception)
        {
            throw new StateException(Meaning(exception), exception);
        }
        catch (Exception exception) when (exception is AmazonClientException or HttpRequestException or IOException || (exception is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new StateException("The bucket of the stack's state does not answer, or not to the end. Check its region or endpoint and the network, and plan again.", exception);
        }
    }

    private static AmazonS3Config Configuration(Uri? endpoint, string region, StateLimits limits)
    {
        var configuration = new AmazonS3Config { AllowAutoRedirect = false, IgnoreConfiguredEndpointUrls = true, MaxErrorRetry = 2, Timeout = limits.Time, AuthenticationRegion = region };
        if (endpoint is null)
        {
            configuration.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }
        else
        {
            (configuration.ServiceURL, configuration.ForcePathStyle) = (endpoint.ToString(), true);
        }

        return configuration;
    }

    private static async Task<AWSCredentials> KeysAsync(BackendPlace place, StateAccess access, CancellationToken stop)
    {
        if (Own(place) is { } own)
        {
            return own.Keys;
        }

        var keys = (await access.CloudAsync(place, Cloud.Aws, stop)).RevealAws();
        return keys.SessionToken is null ? new BasicAWSCredentials(keys.KeyId, keys.Secret) : new SessionAWSCredentials(keys.KeyId, keys.Secret, keys.SessionToken);
    }

    private static Uri? Endpoint(BackendPlace place) => Own(place)?.Endpoint ?? BackendHost.Endpoint(place, Cloud.Aws, "endpoints.s3", "endpoint");

    /// <summary>The keys that code itself writes, for an endpoint that the operator listed as one that needs none of ours.</summary>
    private static (Uri Endpoint, AWSCredentials Keys)? Own(BackendPlace place) =>
        place.Bound("endpoint") is null
        && (place.Code.GetValueOrDefault("endpoints.s3") ?? place.Code.GetValueOrDefault("endpoint")) is { } text
        && Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint is { Scheme: "http" or "https", UserInfo: "" }
        && BackendHost.IsListed(place.Stack.Egress ?? [], endpoint)
        && place.Code.GetValueOrDefault("access_key") is { Length: > 0 } id && place.Code.GetValueOrDefault("secret_key") is { Length: > 0 } secret
            ? (endpoint, new BasicAWSCredentials(id, secret))
            : null;

    // An emulator has no accounts; the cloud's own hosts must answer for the account that the operator pinned.
    private static string? Owner(BackendPlace place) => Endpoint(place) is null ? place.Stack.CredentialFor(Guardrails.Credentials.CredentialIntent.ReadState, Cloud.Aws)?.Account : null;

    private static string Bucket(BackendPlace place) => place.Plain("bucket", place.Needed("bucket"), letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_', most: 63);

    private static string Region(BackendPlace place) => place.Plain("region", place.Needed("region"), letter => char.IsAsciiLetterOrDigit(letter) || letter is '-', most: 40);

    private static string Key(BackendPlace place)
    {
        var key = place.Plain("key", place.Needed("key"), letter => !char.IsControl(letter), most: 900);
        return place.IsDefault ? key : $"{place.Text("workspace_key_prefix") ?? "env:"}/{place.Workspace}/{key}";
    }

    private static string Meaning(AmazonServiceException exception) => exception.ErrorCode switch
    {
        "NoSuchBucket" => "There is no bucket of the name that the stack's backend gives. Correct `bucket` in the code or in the stack's `backend`.",
        "PermanentRedirect" or "AuthorizationHeaderMalformed" or "TemporaryRedirect" => "The bucket of the stack's state lies in another region. Correct `region` in the code or in the stack's `backend`.",
        "AccessDenied" or "Forbidden" => "The credential may not read the stack's state. Let it do s3:GetObject (and kms:Decrypt by way of S3) on that object; without s3:ListBucket a state that is not there looks the same.",
        "ExpiredToken" or "ExpiredTokenException" or "InvalidToken" or "InvalidAccessKeyId" or "SignatureDoesNotMatch" => "The credential for the stack's state was not accepted. Check the stack's `credentials` in mcp-infra.yaml; it may have ended.",
        "RequestTimeTooSkewed" => "This server's clock is off by more than S3 accepts. Set it right.",
        "InvalidRequest" or "InvalidArgument" => "The bucket refused the request. When the state is encrypted by a key of yours (SSE-C), name the variable that holds it, base64, in the stack's `backend.secret_env`.",
        _ => $"The bucket of the stack's state answered with status {(int)exception.StatusCode}. Plan again later, or check the stack's backend.",
    };
}
