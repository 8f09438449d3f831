using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Credentials.Azure;

/// <summary>Azure bearer tokens: for resource management, or for reading a state's blob.</summary>
/// <param name="time">The clock.</param>
/// <param name="transport">Makes the transport to the token service; null for the network.</param>
public sealed partial class AzureIssuer(TimeProvider time, Func<HttpMessageHandler>? transport = null) : ICredentialIssuer
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public Cloud Cloud => Cloud.Azure;

    /// <inheritdoc/>
    public async ValueTask<Credential> IssueAsync(CloudCredential credential, CancellationToken stop)
    {
        var identity = (AzureIdentity)credential.Identity;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Deadline);
        using var watch = transport is null ? DatedHandler.Open(time) : new DatedHandler(transport(), time);
        using var http = new HttpClient(watch, disposeHandler: false);
        try
        {
            var token = await Of(identity, credential.TokenService, http).GetTokenAsync(new TokenRequestContext([Scope(credential)], tenantId: identity.Tenant), deadline.Token);
            return new Credential(token.Token, token.ExpiresOn);
        }
        catch (Exception exception) when (exception is AuthenticationFailedException or HttpRequestException || (exception is OperationCanceledException && !stop.IsCancellationRequested))
        {
            // The library's exceptions quote the service; only its error code goes on.
            throw Chain(exception).OfType<CredentialException>().FirstOrDefault() ?? new CredentialException($"Credential of {credential.Owner}: {Explain(exception, identity, watch)}");
        }
    }

    private static string Scope(CloudCredential credential) => credential.Intent is CredentialIntent.ReadState
        ? "https://storage.azure.com/.default"
        : ((AzureIdentity)credential.Identity).National switch
        {
            AzureCloud.UsGovernment => "https://management.usgovcloudapi.net/.default",
            AzureCloud.China => "https://management.chinacloudapi.cn/.default",
            _ => "https://management.azure.com/.default",
        };

    private static TokenCredential Of(AzureIdentity identity, Uri? authority, HttpClient http) => identity.Proof switch
    {
        AzureProof.ManagedIdentity managed => new ManagedIdentityCredential(new ManagedIdentityCredentialOptions(
            managed.ClientId is { } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned)),
        AzureProof.WorkloadIdentity workload => new ClientAssertionCredential(
            identity.Tenant, workload.ClientId, _ => Task.FromResult(Assertion(workload)), Options(new ClientAssertionCredentialOptions(), identity, authority, http)),
        AzureProof.ClientSecret secret => new ClientSecretCredential(
            identity.Tenant, secret.ClientId, SecretFile.Read(secret.File, "client_secret.file", isPrivate: true), Options(new ClientSecretCredentialOptions(), identity, authority, http)),
        _ => new DefaultAzureCredential(new DefaultAzureCredentialOptions { AuthorityHost = authority ?? Authority(identity.National), TenantId = identity.Tenant, ExcludeInteractiveBrowserCredential = true }),
    };

    private static T Options<T>(T options, AzureIdentity identity, Uri? authority, HttpClient http)
        where T : TokenCredentialOptions
    {
        options.AuthorityHost = authority ?? Authority(identity.National);
        options.Transport = new HttpClientTransport(http);
        options.Retry.MaxRetries = 2;
        options.Diagnostics.IsLoggingContentEnabled = false;
        return options;
    }

    private static Uri Authority(AzureCloud national) => national switch
    {
        AzureCloud.UsGovernment => AzureAuthorityHosts.AzureGovernment,
        AzureCloud.China => AzureAuthorityHosts.AzureChina,
        _ => AzureAuthorityHosts.AzurePublicCloud,
    };

    private static string Assertion(AzureProof.WorkloadIdentity workload) => workload.TokenFile is { } file
        ? SecretFile.Read(file, "workload_identity.token_file", isPrivate: false)
        : Environment.GetEnvironmentVariable(workload.TokenEnvironment!) is { Length: > 0 } token ? token
        : throw new CredentialException("The environment variable that `workload_identity.token_env` names is not set for the server. Set it and start the server again.");

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (var at = error; at is not null; at = at.InnerException)
        {
            yield return at;
        }
    }

    private static string Explain(Exception error, AzureIdentity identity, DatedHandler watch)
    {
        var code = Chain(error).Select(one => CodeForm().Match(one.Message)).FirstOrDefault(match => match.Success)?.Value;
        return code switch
        {
            _ when ClockSkew.Words(watch.Date, watch.Here) is { } clock => clock + ".",
            "AADSTS90002" or "AADSTS900023" => $"Azure knows no such tenant ({code}); correct `tenant` or `cloud`.",
            "AADSTS700016" => $"the tenant knows no such application ({code}); correct `client_id` or `tenant`.",
            "AADSTS7000215" => $"Azure did not accept the secret ({code}); put the secret's value, not its id, into the file that `client_secret.file` names.",
            "AADSTS7000222" => $"the application's secret has expired ({code}); make a new one, or use workload_identity.",
            "AADSTS70021" or "AADSTS700211" or "AADSTS700212" or "AADSTS700213" => $"the application trusts no such token ({code}); its federated credential must name the token's issuer, subject and audience.",
            "AADSTS700024" => $"the federated token has expired ({code}); it must be renewed where `workload_identity` reads it.",
            "AADSTS500011" => $"the tenant has no access to Azure's resource management ({code}); check `tenant` and `cloud`.",
            { } => $"Azure refused ({code}); look the code up at https://login.microsoftonline.com/error.",
            null when error is CredentialUnavailableException && identity.Proof is null => "there is no Azure identity: run `az login`, set AZURE_TENANT_ID, AZURE_CLIENT_ID and a secret or token, or run where a managed identity is attached.",
            null when error is CredentialUnavailableException => "there is no managed identity here; run where one is attached, or name another proof.",
            null when watch.Status is { } status => $"Azure's token service answered HTTP {status} without a code of its own; check `authority` and any proxy in between.",
            null => "Azure's token service does not answer; check the network, `authority` and `cloud`.",
        };
    }

    [GeneratedRegex(@"\bAADSTS[0-9]{4,8}\b")]
    private static partial Regex CodeForm();
}
