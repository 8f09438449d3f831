using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Credentials;

namespace McpInfra.Tools.Git;

/// <summary>A registered repository, as configured.</summary>
/// <param name="Name">How tools and manifests call it.</param>
/// <param name="Url">An absolute path of a working tree or git directory, or a git URL.</param>
/// <param name="Forge">Where proposals go.</param>
/// <param name="Stacks">The stacks that may be planned; empty when only reading is wanted.</param>
public sealed record RepositorySettings(string Name, string Url, ForgeSettings Forge, IReadOnlyList<StackSettings> Stacks);

/// <summary>Where proposals of a repository go.</summary>
/// <param name="Kind">"local" or "github".</param>
/// <param name="Api">Base address of the forge's API; set together with its credential, never by a caller.</param>
/// <param name="Repository">owner/name on the forge.</param>
/// <param name="App">GitHub App credential; null uses <paramref name="TokenEnvironment"/>.</param>
/// <param name="TokenEnvironment">Name of the server's environment variable that holds a token.</param>
public sealed record ForgeSettings(string Kind, Uri? Api = null, string? Repository = null, GitHubAppSettings? App = null, string? TokenEnvironment = null);

/// <summary>A GitHub App that may open pull requests.</summary>
/// <param name="Id">The App's id.</param>
/// <param name="Installation">The installation's id; null asks the forge which one covers the repository.</param>
/// <param name="KeyFile">Absolute path of the App's private key, PEM.</param>
public sealed record GitHubAppSettings(long Id, long? Installation, string KeyFile);

/// <summary>A stack: a folder of a repository that an engine plans.</summary>
/// <param name="Path">Folder within the repository, with `/`; "." for its root.</param>
/// <param name="Engine">"terraform".</param>
/// <param name="Environment">prod, staging, …; null when unknown.</param>
/// <param name="Egress">host:port of endpoints that need no credential of ours.</param>
public sealed record StackSettings(string Path, string Engine = "terraform", string? Environment = null, IReadOnlyList<string>? Egress = null)
{
    /// <summary>Terraform workspace whose state is planned against.</summary>
    public string Workspace { get; init; } = "default";

    /// <summary>State file, absolute or relative to the stack's folder in the working tree; null is terraform's own default place.</summary>
    public string? State { get; init; }

    /// <summary>What the operator says of the stack's backend: what its code leaves out, and the hosts and secrets that code must not choose.</summary>
    public IReadOnlyDictionary<string, string> Backend { get; init; } = new Dictionary<string, string>();

    /// <summary>Credentials of ours for its plans and its state, one for each intent and cloud; empty for none.</summary>
    public IReadOnlyList<CloudCredential> Credentials { get; init; } = [];

    /// <summary>The credential for an intent on a cloud; null when none is configured.</summary>
    public CloudCredential? CredentialFor(CredentialIntent intent, Cloud cloud) => Credentials.FirstOrDefault(credential => credential.Intent == intent && credential.Cloud == cloud);
}
