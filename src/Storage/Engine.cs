using System.Data.Common;

namespace McpInfra.Storage;

/// <summary>What differs between the two databases beyond words.</summary>
internal abstract class Engine
{
    public abstract Dialect Dialect { get; }

    /// <summary>Checks, before the first use, that it can be used at all.</summary>
    public abstract void Prepare();

    /// <summary>An open connection.</summary>
    public abstract DbConnection Connect();

    public abstract T Read<T>(Func<DbConnection, T> query);

    public abstract T Write<T>(Func<DbConnection, T> work);

    /// <summary>The lock, or null while another holds it.</summary>
    public abstract HeldLock? TryLock(string name);

    /// <summary>Calls <paramref name="changed"/> at each change, and <paramref name="lost"/> with whether the store can be heard, until it is stopped.</summary>
    public abstract Task ListenAsync(Action changed, Action<bool> lost, TimeProvider time, CancellationToken stop);

    /// <summary>Runs work, with the engine's exceptions for "cannot be reached" told in our own words.</summary>
    public abstract T Guard<T>(Func<T> work);
}

/// <summary>A lock while it is held.</summary>
internal abstract class HeldLock : IDisposable
{
    /// <summary>Whether it is certainly still held.</summary>
    public abstract bool IsHeld();

    public abstract void Dispose();
}
