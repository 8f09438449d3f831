using McpInfra.Guardrails;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Git;

namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>Secrets of a stack's backend that the operator put into one of the server's environment variables, named in `backend.secret_env` beside the address.</summary>
/// <param name="owner">`REPOSITORY/STACK`, or `source NAME`.</param>
/// <param name="stack">What names the variable.</param>
public sealed class BackendSecrets(string owner, StackSettings stack) : ICredentialSource
{
    private const string Type = "state";

    private readonly string variable = stack.Backend.GetValueOrDefault("secret_env") ?? throw new ArgumentException("The stack's backend has no secret.", nameof(stack));

    /// <inheritdoc/>
    public string Description => $"environment variable {variable}";

    /// <summary>What to ask <see cref="ICredentials"/> for.</summary>
    /// <param name="owner">`REPOSITORY/STACK`, or `source NAME`.</param>
    public static Target Target(string owner) => new() { Id = $"{owner}#backend", Type = Type };

    /// <summary>Of every stack that names one.</summary>
    public static IEnumerable<ICredentialSource> Of(IEnumerable<RepositorySettings> repositories) =>
        repositories.SelectMany(repository => repository.Stacks.Where(stack => stack.Backend.ContainsKey("secret_env")).Select(stack => new BackendSecrets($"{repository.Name}/{stack.Path}", stack)));

    /// <inheritdoc/>
    public bool Serves(CredentialIntent intent, Target target) => target.Type == Type && target.Id == Target(owner).Id;

    /// <inheritdoc/>
    public ValueTask<Credential> IssueAsync(CredentialIntent intent, Target target, CancellationToken stop) =>
        intent is CredentialIntent.ReadState && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } secret
            ? new(new Credential(secret, expires: null))
            : throw new CredentialException("The environment variable that the stack's `backend.secret_env` names is not set for the server. Set it and start the server again.");
}
