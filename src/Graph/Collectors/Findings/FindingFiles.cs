using System.Runtime.CompilerServices;
using System.Text.Json;

namespace McpInfra.Graph.Collectors.Findings;

/// <summary>Reads findings of scanners from files of one format: one file, or every such file of a folder. Snippets are never read, for they may hold what was found.</summary>
public sealed class FindingFiles : ICollector
{
    private const int MostFiles = 1000;
    private const int MostFindings = 500_000;
    private const int MostValues = 1_000_000;

    private static readonly JsonFile Form = new("findings", 64, "run the scanner", "Let the scanner leave out what passes", "Run the scanner again");

    private readonly IFindingFormat format;

    private FindingFiles(IFindingFormat format) => this.format = format;

    /// <summary>One collector for each format.</summary>
    public static IReadOnlyList<ICollector> All { get; } = [.. new IFindingFormat[] { new Sarif(), new Ocsf(), new Asff(), new Prowler(), new Checkov(), new Trivy(), new Defender() }.Select(format => new FindingFiles(format))];

    /// <inheritdoc/>
    public string Kind => format.Kind;

    /// <inheritdoc/>
    public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.CompletedTask;
        var ids = new Dictionary<string, int>();
        var (files, isFolder) = Files(source);
        var (failures, unread) = (new List<Observation.Failed>(), 0);
        foreach (var file in files)
        {
            stop.ThrowIfCancellationRequested();
            var report = Read(file, isFolder, failures);
            unread += report is null ? 1 : 0;
            foreach (var finding in report?.Findings ?? [])
            {
                stop.ThrowIfCancellationRequested();
                var again = ids[finding.Id] = ids.GetValueOrDefault(finding.Id) + 1;
                if (ids.Count > MostFindings)
                {
                    throw new SourceException($"Source {source.Name} holds over {MostFindings} findings. Let the scanner leave out what passes, or name its parts as sources of their own.");
                }

                yield return new Observation.Found(again == 1 ? finding : finding with { Id = $"{finding.Id}#{again}" });
            }

            if (report?.Gap is { } gap)
            {
                failures.Add(new Observation.Failed(null, Path.GetFileName(file), Finding.Scope, gap));
            }
        }

        if (unread == files.Count)
        {
            throw new SourceException($"No file of source {source.Name} can be read. The first: {failures[0].Message}");
        }

        foreach (var failure in failures)
        {
            yield return failure;
        }

        // What is no longer reported counts as mended only when everything was read.
        if (failures.Count == 0)
        {
            yield return new Observation.Complete(null, null, "*");
        }
    }

    private FindingReport? Read(string file, bool isFolder, List<Observation.Failed> failures)
    {
        try
        {
            return Read(file);
        }
        catch (SourceException fault) when (isFolder)
        {
            failures.Add(new Observation.Failed(null, Path.GetFileName(file), Finding.Scope, fault.Message));
            return null;
        }
    }

    private (List<string> Files, bool IsFolder) Files(SourceSettings source)
    {
        var path = source.Path ?? throw new SourceException($"The source {source.Name} has no `path`. Name a file of {format.Name} or a folder of them.");
        if (!Directory.Exists(path))
        {
            return ([path], false);
        }

        var files = Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 5, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(file => format.Endings.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase))).Order(StringComparer.Ordinal).Take(MostFiles + 1).ToList();
        return files.Count switch
        {
            0 => throw new SourceException($"There is no *{string.Join(" or *", format.Endings)} file in {path}. Correct the source's `path`."),
            > MostFiles => throw new SourceException($"{path} holds over {MostFiles} files of findings. Name a smaller folder."),
            _ => (files, true),
        };
    }

    private FindingReport Read(string path)
    {
        var text = Form.Text(Form.Read(path), path);
        try
        {
            return format.Read(Values(text.Span)) ?? throw new SourceException($"{path} is JSON but not {format.Name}. Let the scanner write that, or correct the source's `kind`.");
        }
        catch (JsonException fault)
        {
            throw Form.NotWhole(path, fault);
        }
    }

    /// <summary>One JSON value, or several one after another, as scanners stream them.</summary>
    private static List<JsonElement> Values(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = JsonFile.MostDepth });
        var values = new List<JsonElement>();
        while (reader.Read())
        {
            values.Add(JsonElement.ParseValue(ref reader));
            if (values.Count > MostValues)
            {
                throw new JsonException("More values than are read.");
            }
        }

        return values;
    }
}
