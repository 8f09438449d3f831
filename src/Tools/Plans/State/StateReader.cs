using McpInfra.Graph.Hcl;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.State.Backends;

namespace McpInfra.Tools.Plans.State;

/// <summary>Reads the state of a stack from where its code and the operator say that it lies.</summary>
/// <param name="credentials">Issues the credentials that the operator bound to stacks.</param>
/// <param name="backends">One for each kind.</param>
/// <param name="limits">How much and how long; null for the usual.</param>
public sealed class StateReader(ICredentials credentials, IReadOnlyList<IStateBackend> backends, StateLimits? limits = null)
{
    private readonly StateLimits limits = limits ?? new();

    /// <summary>Every backend that is read.</summary>
    public static IReadOnlyList<IStateBackend> Backends(StateHttp http, TimeProvider time) =>
        [new LocalBackend(), new S3Backend(time), new AzureBackend(http, time), new GoogleBackend(http), new HttpBackend(http), new PostgresBackend(), new HcpBackend(http)];

    /// <summary>Where a stack's state lies by the code of a tree.</summary>
    /// <exception cref="StateException">It cannot be told.</exception>
    public static BackendPlace Place(Repository repository, string tree, StackSettings stack) => BackendCode.Of(repository, repository.Files(tree), stack);

    /// <summary>Reads it, from the copy that the operator names when there is one.</summary>
    /// <param name="caller">Who it is read for.</param>
    /// <param name="repository">The registered repository.</param>
    /// <param name="tree">The tree whose code says where it lies; edits cannot say otherwise.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="StateException">It cannot be read; the message is our own words.</exception>
    /// <exception cref="RepositoryException">A file of the working tree cannot be read.</exception>
    public async Task<StackState> ReadAsync(Caller caller, Repository repository, string tree, StackSettings stack, CancellationToken stop)
    {
        if (stack.State is { } named)
        {
            return State(LocalBackend.Named(named, repository.WorktreeRoot, CodePath.Normal(stack.Path) ?? ".", limits), "copy named in mcp-infra.yaml");
        }

        var place = Place(repository, tree, stack);
        if (place.Kind != "local" && !IsConfigured(stack) && Beside(repository, stack) is { } copy)
        {
            return copy;
        }

        var backend = Of(place);
        try
        {
            return State(await backend.ReadAsync(place, new StateAccess(credentials, caller, $"{repository.Name}/{stack.Path}", limits), stop), Origin(place)) with { Workspace = HcpWorkspace.ForEngine(place) };
        }
        catch (CredentialException exception)
        {
            throw new StateException(exception.Message, exception);
        }
    }

    /// <summary>The backend that reads a place.</summary>
    /// <exception cref="StateException">None does.</exception>
    public IStateBackend Of(BackendPlace place) => backends.FirstOrDefault(backend => backend.Kinds.Contains(place.Kind))
        ?? throw new StateException("The stack keeps its state in a backend of a kind that is not read here. Name a copy (`terraform state pull > FILE`) in the stack's `state` in mcp-infra.yaml.");

    // A stack whose backend nobody configured here is planned on the copy that lies beside its code, and says so.
    private StackState? Beside(Repository repository, StackSettings stack)
    {
        var local = new BackendPlace("local", new Dictionary<string, string>(), stack, stack.Workspace) { Root = repository.WorktreeRoot };
        return LocalBackend.Read(local, limits) is { Bytes: not null } found ? State(found, "local copy beside the code, for nothing is configured to read the backend") : null;
    }

    private static bool IsConfigured(StackSettings stack) => stack.Backend.Count > 0 || stack.Egress is { Count: > 0 } || stack.Credentials.Any(credential => credential.Intent is CredentialIntent.ReadState);

    private static StackState State(StateFound found, string origin) =>
        (found.Bytes is { } bytes ? StackState.Parse(bytes) : StackState.None) with { Origin = origin, Locked = found.Locked };

    private static string Origin(BackendPlace place) => place.Kind == "local" ? "local file" : $"backend {place.Kind}";
}
