using McpInfra.Graph;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.State;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Plans.State.Backends;

namespace McpInfra.Host.Composition;

/// <summary>Folders of states as the graph reads them: from the same object stores, as carefully, as states of stacks are.</summary>
/// <param name="places">Where sources lie, by name.</param>
/// <param name="backends">One for each kind of store.</param>
/// <param name="credentials">Issues what they are read with.</param>
/// <param name="caller">Who scans.</param>
internal sealed class SourceStates(IReadOnlyDictionary<string, BackendPlace> places, IReadOnlyList<IStateFolder> backends, ICredentials credentials, Caller caller) : IStateFolders
{
    private static readonly StateLimits Limits = new();

    /// <summary>Keys of storage accounts and of encryption that sources name by a variable.</summary>
    public static IEnumerable<ICredentialSource> Secrets(IReadOnlyDictionary<string, BackendPlace> places) =>
        places.Where(place => place.Value.Bound("secret_env") is not null).Select(place => new BackendSecrets(CloudCredential.OwnerOf(place.Key), place.Value.Stack));

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StateFileEntry>> ListAsync(SourceSettings source, string prefix, CancellationToken stop)
    {
        var root = Root(Place(source));
        var listed = await AskAsync(source, (backend, place, access) => backend.ListAsync(place, root + prefix, access, stop));
        return [.. listed.Where(file => file.Path.StartsWith(root, StringComparison.Ordinal)).Select(file => file with { Path = file.Path[root.Length..] })];
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ReadAsync(SourceSettings source, string path, CancellationToken stop) =>
        await AskAsync(source, (backend, place, access) => backend.ReadAsync(place, Root(place) + path, access, stop));

    private async Task<T> AskAsync<T>(SourceSettings source, Func<IStateFolder, BackendPlace, StateAccess, Task<T>> ask)
    {
        var place = Place(source);
        try
        {
            return await ask(backends.First(backend => backend.Kinds.Contains(place.Kind)), place, new StateAccess(credentials, caller, CloudCredential.OwnerOf(source.Name), Limits));
        }
        catch (Exception fault) when (fault is StateException or CredentialException)
        {
            throw new SourceException($"Source {source.Name}: {fault.Message}", fault);
        }
    }

    private BackendPlace Place(SourceSettings source) => places.GetValueOrDefault(source.Name) ?? throw new SourceException($"The source {source.Name} has neither a `path` nor a `backend`. Name one of them.");

    private static string Root(BackendPlace place) => place.Bound("prefix")?.Trim('/') is { Length: > 0 } prefix ? prefix + "/" : "";
}
