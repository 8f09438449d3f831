using System.IO.Pipelines;

namespace McpInfra.Host.Edge.Stdio;

/// <summary>
/// Reads a stream on a thread of its own. The console's blocks the thread that asks, also for an asynchronous read: one of the pool's, which has
/// two on two processors and takes one that waits for input for one that works.
/// </summary>
internal static class ReadAside
{
    private const int Most = 1024 * 1024;
    private const int Piece = 16 * 1024;

    /// <summary>What the stream holds, to its end or its first error. It is read ahead by at most 1 MB.</summary>
    public static PipeReader Of(Stream stream)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: Most, resumeWriterThreshold: Most / 2, minimumSegmentSize: 4 * Piece));
        new Thread(() => Pump(stream, pipe.Writer)) { IsBackground = true, Name = "input" }.Start();
        return pipe.Reader;
    }

    private static void Pump(Stream stream, PipeWriter to)
    {
        Exception? failure = null;
        try
        {
            while (stream.Read(to.GetSpan(Piece)) is > 0 and var read)
            {
                to.Advance(read);
                to.FlushAsync().AsTask().GetAwaiter().GetResult();
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        to.Complete(failure);
    }
}
