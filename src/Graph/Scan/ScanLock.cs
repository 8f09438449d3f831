using McpInfra.Storage;

namespace McpInfra.Graph.Scan;

/// <summary>Lets one scan at a time write a database, across processes. The operating system frees it when its holder dies.</summary>
internal static class ScanLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until no other scan runs.</summary>
    /// <exception cref="TimeoutException">Another scan still ran after ten minutes.</exception>
    public static async Task<IDisposable> AcquireAsync(Database database, TimeProvider time, CancellationToken stop)
    {
        string path;
        using (var connection = database.Read())
        {
            path = connection.DataSource + ".scan";
        }

        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path) && time.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(Pause, time, stop);
            }
            catch (IOException held) when (File.Exists(path))
            {
                throw new TimeoutException("Another scan of this state folder has been running for over ten minutes. Wait for it or end that process.", held);
            }
        }
    }
}
