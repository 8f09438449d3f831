using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>Reads state from one kind of backend in that backend's own layout. It asks for what it reads and nothing else: it takes no lock and writes nothing.</summary>
public interface IStateBackend
{
    /// <summary>The backends it reads, as code names them.</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <summary>Where the state lies as one text without its host, so that two spellings of one place are equal: it tells which stack is meant, and nothing is read by it.</summary>
    /// <exception cref="StateException">The place is incomplete.</exception>
    string Identity(BackendPlace place);

    /// <summary>Reads it.</summary>
    /// <exception cref="StateException">It cannot be read; the message is our own words.</exception>
    /// <exception cref="CredentialException">There is no credential for it.</exception>
    Task<StateFound> ReadAsync(BackendPlace place, StateAccess access, CancellationToken stop);
}

/// <summary>What a backend found.</summary>
/// <param name="Bytes">The state; null when there is none yet.</param>
/// <param name="Locked">Whether somebody holds its lock; null when the backend does not tell.</param>
public sealed record StateFound(byte[]? Bytes, bool? Locked = null)
{
    /// <summary>There is none yet.</summary>
    public static StateFound None { get; } = new((byte[]?)null);
}
