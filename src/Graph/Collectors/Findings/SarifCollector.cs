using System.Runtime.CompilerServices;
using System.Text.Json;

namespace McpInfra.Graph.Collectors.Findings;

/// <summary>Reads findings of scanners from SARIF 2.1.0: one file, or every *.sarif of a folder. Snippets are never read, for they may hold what was found.</summary>
public sealed class SarifCollector : ICollector
{
    private const int MostFiles = 1000;
    private const long MostBytes = 64L << 20;

    /// <inheritdoc/>
    public string Kind => "sarif";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.CompletedTask;
        var ids = new Dictionary<string, int>();
        foreach (var finding in Files(source).SelectMany(Read).ToList())
        {
            stop.ThrowIfCancellationRequested();
            var again = ids[finding.Id] = ids.GetValueOrDefault(finding.Id) + 1;
            yield return new Observation.Found(again == 1 ? finding : finding with { Id = $"{finding.Id}#{again}" });
        }

        yield return new Observation.Complete(null, null, "*");
    }

    private static List<string> Files(SourceSettings source)
    {
        var path = source.Path ?? throw new SourceException($"The source {source.Name} has no `path`. Name a SARIF file or a folder of them.");
        if (!Directory.Exists(path))
        {
            return [path];
        }

        var files = Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 5 })
            .Where(file => file.EndsWith(".sarif", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".sarif.json", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal).Take(MostFiles + 1).ToList();
        return files.Count switch
        {
            0 => throw new SourceException($"There is no *.sarif file in {path}. Correct the source's `path`."),
            > MostFiles => throw new SourceException($"{path} holds over {MostFiles} SARIF files. Name a smaller folder."),
            _ => files,
        };
    }

    private static List<Finding> Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > MostBytes)
            {
                throw new SourceException($"{path} has {stream.Length >> 20} MiB; SARIF files of at most {MostBytes >> 20} MiB are read. Let the scanner leave out what passes.");
            }

            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 128 });
            return SarifLog.Findings(document.RootElement) ?? throw new SourceException($"{path} is JSON but not SARIF 2.1.0. Let the scanner write that version.");
        }
        catch (JsonException fault)
        {
            throw new SourceException($"{path} is not whole JSON (line {fault.LineNumber + 1}): cut off, or being written just now. Run the scanner again.");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SourceException($"There is no SARIF file at {path}. Correct the source's `path`, or run the scanner.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"{path} cannot be read. Let the server's user read it.", fault);
        }
    }
}
