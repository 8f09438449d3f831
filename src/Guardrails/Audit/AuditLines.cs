namespace McpInfra.Guardrails.Audit;

/// <summary>Reads a writer's file line by line in bounded memory. What follows the last line end is torn and no line.</summary>
internal sealed class AuditLines : IDisposable
{
    private const int MostLine = 1024 * 1024;
    private readonly FileStream file;
    private byte[] buffer = new byte[64 * 1024];
    private int start, end;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public AuditLines(string path) =>
        file = PrivateFiles.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Whether bytes without a line end are left; known at the end.</summary>
    public bool IsTorn => end > start;

    /// <summary>Whether a line was longer than any record; reading stops there.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>The next line without its end, valid until the next call; false at the end.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        var searched = start;
        while (!IsTooLong)
        {
            var found = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                line = buffer.AsSpan(start, searched + found - start);
                start = searched + found + 1;
                return true;
            }

            var held = end - start;
            MakeRoom();
            searched = start + held;
            var read = IsTooLong ? 0 : file.Read(buffer, end, buffer.Length - end);
            if (read == 0)
            {
                break;
            }

            end += read;
        }

        line = default;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void MakeRoom()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (end < buffer.Length)
        {
            return;
        }

        if (buffer.Length >= MostLine)
        {
            IsTooLong = true;
            return;
        }

        Array.Resize(ref buffer, buffer.Length * 2);
    }
}
