using McpInfra.Guardrails;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Git;

namespace McpInfra.Tools.Proposals.Forges;

/// <summary>A token that the operator put into one of the server's environment variables.</summary>
public sealed class EnvironmentTokens(RepositorySettings repository) : ICredentialSource
{
    private readonly string variable = repository.Forge.TokenEnvironment ?? throw new ArgumentException("The forge has no token variable.", nameof(repository));

    /// <inheritdoc/>
    public string Description => $"environment variable {variable}";

    /// <inheritdoc/>
    public bool Serves(CredentialIntent intent, Target target) => target.Type == "repository" && target.Repository == repository.Name;

    /// <inheritdoc/>
    public ValueTask<Credential> IssueAsync(CredentialIntent intent, Target target, CancellationToken stop) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } token
            ? new(new Credential(token, expires: null))
            : throw new CredentialException("The environment variable that `forge.token_env` names is not set for the server. Set it and start the server again.");
}
