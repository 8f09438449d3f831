using McpInfra.Graph.Collectors.State;

namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>Lists what lies below a folder of one kind of backend, and reads it. It asks for that and nothing else.</summary>
public interface IStateFolder
{
    /// <summary>The backends it reads, as settings name them.</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <summary>Every file whose path begins with a prefix.</summary>
    /// <exception cref="StateException">It cannot be listed to its end; the message is our own words.</exception>
    /// <exception cref="Guardrails.Credentials.CredentialException">There is no credential for it.</exception>
    Task<IReadOnlyList<StateFileEntry>> ListAsync(BackendPlace place, string prefix, StateAccess access, CancellationToken stop);

    /// <summary>A file's bytes; null when it is gone.</summary>
    /// <exception cref="StateException">It cannot be read; the message is our own words.</exception>
    /// <exception cref="Guardrails.Credentials.CredentialException">There is no credential for it.</exception>
    Task<byte[]?> ReadAsync(BackendPlace place, string path, StateAccess access, CancellationToken stop);
}
