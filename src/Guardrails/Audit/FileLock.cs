namespace McpInfra.Guardrails.Audit;

/// <summary>An operating-system lock on a file: held while the process lives, let go by the system when it dies.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly FileStream file;

    private FileLock(FileStream file) => this.file = file;

    /// <summary>The lock, or null while another holder lives.</summary>
    public static FileLock? TryTake(string path)
    {
        try
        {
            return new FileLock(PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
        }
    }

    /// <summary>The lock, waited for.</summary>
    /// <exception cref="IOException">Another process held it all the time.</exception>
    public static FileLock Take(string path)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            if (TimeProvider.System.GetElapsedTime(started) > Deadline)
            {
                throw new IOException($"{path} was held by another process for {Deadline.TotalSeconds} s. Is one of them stopped?");
            }

            Thread.Sleep(5);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    // 11 and 35 are EWOULDBLOCK of Linux and macOS, 0x80070020 is the sharing violation of Windows.
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);
}
