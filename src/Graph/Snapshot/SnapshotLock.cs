namespace McpInfra.Graph.Snapshot;

/// <summary>Lets one process at a time build an organisation's snapshot. The operating system frees it when its holder dies.</summary>
internal static class SnapshotLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits a minute at most: building twice does no harm. Null when the lock could not be had.</summary>
    public static IDisposable? Acquire(string path, TimeProvider time)
    {
        for (var start = time.GetTimestamp(); ; Thread.Sleep(Pause))
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                if (!File.Exists(path + ".lock") || exception is UnauthorizedAccessException || time.GetElapsedTime(start) > Patience)
                {
                    return null;
                }
            }
        }
    }
}
