using System.Net.Http.Headers;
using System.Text;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Plans.Engines.Terraform.Modules;

/// <summary>A host whose modules want a login: a token that the operator put into one of the server's environment variables. It is sent to this host alone.</summary>
/// <param name="Host">The host, with its port unless it is 443.</param>
/// <param name="TokenEnvironment">Name of the variable.</param>
/// <param name="User">The user's name beside the token, for git.</param>
public sealed record ModuleHost(string Host, string TokenEnvironment, string User = ModuleHost.AnyUser) : ICredentialSource
{
    /// <summary>The name that goes with a token where any name does.</summary>
    public const string AnyUser = "x-access-token";

    private const string Type = "modules";

    /// <summary>What to ask <see cref="ICredentials"/> for.</summary>
    public Target Target => new() { Id = Host, Type = Type };

    /// <inheritdoc/>
    public string Description => $"environment variable {TokenEnvironment}";

    /// <inheritdoc/>
    public bool Serves(CredentialIntent intent, Target target) => intent is CredentialIntent.ReadModules && target.Type == Type && target.Id == Host;

    /// <inheritdoc/>
    public ValueTask<Credential> IssueAsync(CredentialIntent intent, Target target, CancellationToken stop) =>
        Environment.GetEnvironmentVariable(TokenEnvironment) is { Length: > 0 } token
            ? new(new Credential(token, expires: null))
            : throw new CredentialException("The environment variable that `token_env` of a host in `engines.terraform.hosts` names is not set for the server. Set it and start the server again.");

    /// <summary>The login as git over https sends it.</summary>
    public AuthenticationHeaderValue OfGit(Credential credential) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{credential.Reveal()}")));
}
