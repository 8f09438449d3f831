using McpInfra.Guardrails;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.Cloud.Aws;
using McpInfra.Tools.Plans.Cloud.Azure;
using McpInfra.Tools.Plans.Cloud.Google;

namespace McpInfra.Tools.Plans.Cloud;

/// <summary>What runs get of the clouds that their stack has a credential for.</summary>
/// <param name="credentials">Issues the real ones, which stay outside.</param>
/// <param name="time">The clock.</param>
public sealed class Clouds(ICredentials credentials, TimeProvider time)
{
    /// <summary>The stack's credentials for plans.</summary>
    public static IEnumerable<CloudCredential> Of(StackSettings stack) => stack.Credentials.Where(credential => credential.Intent is CredentialIntent.PlanStack);

    /// <summary>host:port of every endpoint that belongs to one of them.</summary>
    public static IEnumerable<string> Bound(StackSettings stack) => Of(stack).SelectMany(credential => credential.Endpoints);

    /// <summary>What plans of the stack rest on in its clouds; "none: no credential of ours" for none.</summary>
    public static string Mark(StackSettings stack) => Of(stack).Select(credential => $"{credential.Cloud} {credential.Account ?? "the identity's own"} {credential.Mark()}").ToList() is { Count: > 0 } marks
        ? $"{string.Join('\n', marks)}\n{AwsActions.Shipped.Mark} {AzureReads.Shipped.Mark} {GoogleReads.Shipped.Mark}"
        : "none: no credential of ours";

    /// <summary>The cloud that a provider speaks to; null for none of these.</summary>
    public static Credentials.Cloud? OfProvider(string source) => source switch
    {
        "hashicorp/aws" or "hashicorp/awscc" => Credentials.Cloud.Aws,
        "hashicorp/azurerm" or "hashicorp/azuread" or "azure/azapi" => Credentials.Cloud.Azure,
        "hashicorp/google" or "hashicorp/google-beta" => Credentials.Cloud.Google,
        _ => null,
    };

    /// <summary>What one run gets: a gate and dummies for each cloud.</summary>
    internal IReadOnlyList<CloudAccess> Open(Caller caller, StackSettings stack, RunSecrets secrets) =>
        [.. Of(stack).Select(credential => Access(credential.Cloud)(credential, (which, stop) => credentials.For(caller, which.Intent, which.Target, stop), secrets, time))];

    private static Func<CloudCredential, Func<CloudCredential, CancellationToken, ValueTask<Credential>>, RunSecrets, TimeProvider, CloudAccess> Access(Credentials.Cloud cloud) => cloud switch
    {
        Credentials.Cloud.Aws => AwsAccess.Open,
        Credentials.Cloud.Azure => AzureAccess.Open,
        _ => GoogleAccess.Open,
    };
}
