using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Git;
using McpInfra.Tools.Proposals.Forges.GitHub;
using McpInfra.Tools.Proposals.Forges.Local;

namespace McpInfra.Tools.Proposals.Forges;

/// <summary>The forge of each registered repository.</summary>
public sealed class RegisteredForges(ICredentials credentials)
{
    /// <summary>The repository's forge, as it is configured.</summary>
    public IForge Of(Repository repository) => repository.Settings.Forge.Kind switch
    {
        "local" => new LocalForge(),
        "github" => new GitHubForge(credentials),
        _ => throw new ForgeException("The repository's forge is of a kind that this version does not know. Use local or github."),
    };
}
