using System.Collections.Immutable;
using McpInfra.Guardrails.Budgets;

namespace McpInfra.Guardrails;

/// <summary>One conversation of one caller: what it has spent, and whether it has seen text that gave it orders. Safe for concurrent use.</summary>
/// <param name="id">Chosen by the server.</param>
/// <param name="started">When its first request came.</param>
public sealed class Session(string id, DateTimeOffset started)
{
    private const int MostRepositories = 1000;
    private readonly Lock gate = new();
    private ImmutableHashSet<string> repositoriesRead = [];
    private string? flaggedBy;

    /// <summary>Chosen by the server.</summary>
    public string Id { get; } = id;

    /// <summary>When its first request came.</summary>
    public DateTimeOffset Started { get; } = started;

    /// <summary>What the session has spent of its budgets.</summary>
    public Spending Spent { get; } = new();

    /// <summary>The first call in which text was flagged as an injection; null while there was none.</summary>
    public string? FlaggedBy => Volatile.Read(ref flaggedBy);

    /// <summary>Marks the session as having met an injection; the first call is kept, the mark is never taken back.</summary>
    public void Flag(string call) => Interlocked.CompareExchange(ref flaggedBy, call, null);

    /// <summary>Registered repositories whose content the session has asked for; a repository is never taken back.</summary>
    public IReadOnlySet<string> RepositoriesRead => Volatile.Read(ref repositoriesRead);

    /// <summary>Notes that the session asks for content of a repository.</summary>
    /// <exception cref="InvalidOperationException">It has read of more repositories than are kept.</exception>
    public void NoteRead(string repository)
    {
        lock (gate)
        {
            if (repositoriesRead.Count >= MostRepositories && !repositoriesRead.Contains(repository))
            {
                throw new InvalidOperationException($"A session may read of at most {MostRepositories} repositories.");
            }

            Volatile.Write(ref repositoriesRead, repositoriesRead.Add(repository));
        }
    }
}
