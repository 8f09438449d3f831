namespace McpInfra.Guardrails.Audit;

/// <summary>A writer's records on disk: bytes are appended whole or not at all. One thread at a time appends.</summary>
internal sealed class AuditFile(FileStream file) : IDisposable
{
    private long length = file.Length;
    private bool torn;

    /// <summary>Hands the bytes to the operating system.</summary>
    /// <exception cref="IOException">They are not in the file.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Mend();
        try
        {
            RandomAccess.Write(file.SafeFileHandle, bytes, length);
            length += bytes.Length;
        }
        catch (Exception exception)
        {
            torn = true;
            Mend();
            throw new IOException($"{file.Name} cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>Brings everything appended to the disk.</summary>
    /// <exception cref="IOException">It may not be there.</exception>
    public void Flush()
    {
        if (!File.Exists(file.Name))
        {
            throw new IOException($"{file.Name} is gone from under its writer.");
        }

        RandomAccess.FlushToDisk(file.SafeFileHandle);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    // A full disk can take half a line; it is cut off so that later records, once there is room, do not follow it.
    private void Mend()
    {
        if (torn)
        {
            RandomAccess.SetLength(file.SafeFileHandle, length);
            torn = false;
        }
    }
}
