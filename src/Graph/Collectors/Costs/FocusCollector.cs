using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;

namespace McpInfra.Graph.Collectors.Costs;

/// <summary>Reads costs from CSV of the FinOps Open Cost and Usage Specification (FOCUS): one file, or every *.csv and *.csv.gz of a folder, row by row.</summary>
public sealed class FocusCollector : ICollector
{
    private const int MostFiles = 1000;
    private const long MostBytes = 64L << 30;

    /// <inheritdoc/>
    public string Kind => "focus";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.CompletedTask;
        var sum = new FocusSum(source.Name);
        var failures = new List<Observation.Failed>();
        var files = Files(source);
        foreach (var file in files)
        {
            if (Read(file, sum, stop) is { } fault)
            {
                failures.Add(new Observation.Failed(null, Path.GetFileName(file), "cost", fault));
            }
        }

        if (failures.Count == files.Count && sum.IsEmpty)
        {
            throw new SourceException($"Source {source.Name}: {failures[0].Message}");
        }

        foreach (var charge in sum.Charges())
        {
            stop.ThrowIfCancellationRequested();
            yield return new Observation.Charged(charge);
        }

        foreach (var failure in failures)
        {
            yield return failure;
        }

        if (failures.Count == 0)
        {
            yield return new Observation.Complete(null, null, "*");
        }
    }

    private static List<string> Files(SourceSettings source)
    {
        var path = source.Path ?? throw new SourceException($"The source {source.Name} has no `path`. Name a FOCUS file or a folder of them.");
        if (!Directory.Exists(path))
        {
            return File.Exists(path) ? [path] : throw new SourceException($"There is no FOCUS file at {path}. Correct the source's `path`, or export it.");
        }

        var files = Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 8, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(file => file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).Take(MostFiles + 1).ToList();
        return files.Count switch
        {
            0 => throw new SourceException($"There is no *.csv or *.csv.gz file in {path}. Correct the source's `path`."),
            > MostFiles => throw new SourceException($"{path} holds over {MostFiles} FOCUS files. Name a smaller folder."),
            _ => files,
        };
    }

    /// <summary>Adds a file to the sum; what of it could not be read, or null.</summary>
    private static string? Read(string path, FocusSum sum, CancellationToken stop)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using Stream bytes = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var text = new StreamReader(new BoundedStream(bytes, MostBytes), Encoding.UTF8);
            return sum.Add(new CsvReader(text), path, stop);
        }
        catch (FormatException fault)
        {
            return $"{path} is not whole CSV: {fault.Message}. Export it again.";
        }
        catch (InvalidDataException)
        {
            return $"{path} is not whole gzip. Export it again.";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be read. Let the server's user read it.";
        }
    }

    /// <summary>Ends with a fault past its bound, whatever a compressed file makes of its size.</summary>
    private sealed class BoundedStream(Stream inner, long most) : Stream
    {
        private long read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var more = inner.Read(buffer, offset, count);
            read += more;
            return read <= most ? more : throw new FormatException($"it holds over {most >> 30} GiB");
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
