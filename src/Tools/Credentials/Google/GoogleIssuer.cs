using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Responses;
using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Credentials.Google;

/// <summary>Google Cloud access tokens: of the application default, of a workload identity pool, or of a service account that either impersonates.</summary>
/// <param name="time">The clock.</param>
public sealed class GoogleIssuer(TimeProvider time) : ICredentialIssuer
{
    private const string Everything = "https://www.googleapis.com/auth/cloud-platform"; // Several services take no narrower scope for reads.
    private const string StorageReads = "https://www.googleapis.com/auth/devstorage.read_only";
    private const int MostFile = 64 << 10;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Unknown = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public Cloud Cloud => Cloud.Google;

    /// <inheritdoc/>
    public async ValueTask<Credential> IssueAsync(CloudCredential credential, CancellationToken stop)
    {
        var identity = (GoogleIdentity)credential.Identity;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Deadline);
        try
        {
            var scope = credential.Intent is CredentialIntent.ReadState ? StorageReads : Everything;
            var source = identity.WorkloadIdentity is { } file ? await OfFileAsync(file, deadline.Token) : await GoogleCredential.GetApplicationDefaultAsync(deadline.Token);
            return identity.ServiceAccount is { } account
                ? await ImpersonateAsync(credential, account, scope, (await TokenAsync(source.CreateScoped(Everything), deadline.Token)).Reveal(), deadline.Token)
                : await TokenAsync(source.CreateScoped(scope), deadline.Token);
        }
        catch (Exception exception) when (exception is TokenResponseException or HttpRequestException or InvalidOperationException or IOException or JsonException or FormatException or ArgumentException
            || (exception is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new CredentialException($"Credential of {credential.Owner}: {Explain(exception, identity)}");
        }
    }

    // The library's own reader takes every kind of credential; only a pool's configuration, which holds no key and runs no program, is one here.
    private static async Task<GoogleCredential> OfFileAsync(string file, CancellationToken stop)
    {
        var bytes = new FileInfo(file).Length <= MostFile ? await File.ReadAllBytesAsync(file, stop) : throw new CredentialException("The file that `workload_identity` names is no credential configuration file: it is too large.");
        using var document = JsonDocument.Parse(bytes);
        if (document.RootElement.ValueKind is not JsonValueKind.Object || !document.RootElement.TryGetProperty("type", out var type) || type.ValueKind is not JsonValueKind.String || !type.ValueEquals(JsonCredentialParameters.ExternalAccountCredentialType))
        {
            throw new CredentialException("The file that `workload_identity` names is no credential configuration file of a pool; make one with `gcloud iam workload-identity-pools create-cred-config`.");
        }

        using var stream = new MemoryStream(bytes);
        return document.RootElement.TryGetProperty("credential_source", out var source) && source.ValueKind is JsonValueKind.Object
            ? source switch
            {
                _ when Has(source, "file") => (await CredentialFactory.FromStreamAsync<FileSourcedExternalAccountCredential>(stream, stop)).ToGoogleCredential(),
                _ when Has(source, "environment_id") => (await CredentialFactory.FromStreamAsync<AwsExternalAccountCredential>(stream, stop)).ToGoogleCredential(),
                _ when Has(source, "url") => (await CredentialFactory.FromStreamAsync<UrlSourcedExternalAccountCredential>(stream, stop)).ToGoogleCredential(),
                _ => throw new CredentialException("The file that `workload_identity` names has a `credential_source` that is no file, address or AWS environment (a program is never run)."),
            }
            : throw new CredentialException("The file that `workload_identity` names has no `credential_source`; make it anew with `gcloud iam workload-identity-pools create-cred-config`.");
    }

    private static bool Has(JsonElement source, string name) => source.TryGetProperty(name, out _);

    private async Task<Credential> TokenAsync(GoogleCredential credential, CancellationToken stop)
    {
        var token = await ((ITokenAccess)credential).GetAccessTokenForRequestAsync(cancellationToken: stop);
        var issued = credential.UnderlyingCredential switch
        {
            ServiceCredential service => service.Token,
            UserCredential user => user.Token,
            _ => null,
        };
        return new Credential(token, issued?.ExpiresInSeconds is { } seconds ? new DateTimeOffset(DateTime.SpecifyKind(issued.IssuedUtc, DateTimeKind.Utc)).AddSeconds(seconds) : time.GetUtcNow() + Unknown);
    }

    private async Task<Credential> ImpersonateAsync(CloudCredential credential, string account, string scope, string bearer, CancellationToken stop)
    {
        using var watch = DatedHandler.Open(time);
        using var http = new HttpClient(watch, disposeHandler: false) { MaxResponseContentBufferSize = 1 << 20 };
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(credential.TokenService ?? new Uri("https://iamcredentials.googleapis.com"), $"/v1/projects/-/serviceAccounts/{account}:generateAccessToken"))
        {
            Content = JsonContent.Create(new { scope = new[] { scope }, lifetime = "3600s" }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        using var answer = await http.SendAsync(request, stop);
        if (!answer.IsSuccessStatusCode)
        {
            throw new CredentialException($"Credential of {credential.Owner}: " + (ClockSkew.Words(watch.Date, watch.Here) is { } clock ? clock + "." : (int)answer.StatusCode switch
            {
                403 => $"Google refused to issue a token of {account}; the identity that asks needs roles/iam.serviceAccountTokenCreator on it.",
                404 => $"Google knows no service account {account}; correct `impersonate_service_account`.",
                401 => "Google did not accept the identity that impersonates; renew it.",
                var status => $"Google's IAM credentials service answered HTTP {status}; try again later, or check `iam_credentials`.",
            }));
        }

        using var document = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(stop), default, stop);
        return new Credential(document.RootElement.GetProperty("accessToken").GetString() ?? throw new JsonException(), document.RootElement.GetProperty("expireTime").GetDateTimeOffset());
    }

    private static string Explain(Exception error, GoogleIdentity identity) => error switch
    {
        TokenResponseException { Error.Error: "invalid_grant" } => "Google did not accept the identity's own token (invalid_grant): it has expired, or this machine's clock is off; sign in again, or set the clock (`timedatectl set-ntp true`).",
        TokenResponseException { Error.Error: "invalid_target" } => "Google knows no such pool or provider (invalid_target); correct the `audience` of the file that `workload_identity` names.",
        TokenResponseException { Error.Error: "unauthorized_client" or "access_denied" } => "the pool does not admit this identity; correct its attribute condition, or the identity.",
        TokenResponseException => "Google's token service refused; check the file that `workload_identity` names.",
        InvalidOperationException when identity.WorkloadIdentity is null => "there are no application default credentials: run `gcloud auth application-default login`, set GOOGLE_APPLICATION_CREDENTIALS, or run where a service account is attached.",
        IOException or JsonException or FormatException or ArgumentException or InvalidOperationException when identity.WorkloadIdentity is not null => "the file that `workload_identity` names, or the token that it points to, cannot be read.",
        JsonException => "Google's token service answered garbage; check `iam_credentials` and any proxy in between.",
        _ => "Google's token service does not answer; check the network and `iam_credentials`.",
    };
}
