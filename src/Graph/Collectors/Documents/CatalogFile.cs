using System.Text;
using McpInfra.Graph.Collectors.State;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace McpInfra.Graph.Collectors.Documents;

/// <summary>The entities of a Backstage `catalog-info.yaml`. Read event by event with a bound on depth and number: aliases are never followed, tags never obeyed.</summary>
internal static class CatalogFile
{
    private const int MostDepth = 16;
    private const int MostEvents = 20_000;
    private const int MostEntities = 500;
    private const int MostText = 500;

    /// <summary>The entities up to the first fault; a file that is no catalogue has none.</summary>
    public static CatalogRead Read(byte[] file)
    {
        var entities = new List<CatalogEntity>();
        try
        {
            var parser = new Parser(new StringReader(DocumentText.Of(file)));
            var reading = new Reading();
            for (var events = 0; parser.MoveNext(); events++)
            {
                if (events == MostEvents || entities.Count == MostEntities || !reading.Take(parser.Current!, MostDepth))
                {
                    return new CatalogRead(entities, $"is larger or deeper than a catalogue is read (line {parser.Current!.Start.Line})");
                }

                if (parser.Current is DocumentEnd && reading.IsOfBackstage)
                {
                    entities.Add(Entity(reading) ?? throw new YamlException(new Mark(0, reading.Line, 1), Mark.Empty, ""));
                }
            }

            return new CatalogRead(entities, reading.Twice is { } twice ? $"has a name twice (line {twice}), of which the first counts" : null);
        }
        catch (YamlException fault)
        {
            return new CatalogRead(entities, $"is cut, not YAML, or without a kind and a name (line {fault.Start.Line})"); // What came before the fault counts.
        }
    }

    private static CatalogEntity? Entity(Reading read) => read.One("kind") is not { } kind || read.One("metadata.name") is not { } name ? null : new CatalogEntity(kind, name, read.Line)
    {
        Owner = read.One("spec.owner") is { } owner ? owner[(owner.LastIndexOfAny([':', '/']) + 1)..] : null,
        System = read.One("spec.system"), Type = read.One("spec.type"), Lifecycle = read.One("spec.lifecycle"), Description = read.One("metadata.description"),
        Tags = read.All("metadata.tags"), DependsOn = read.All("spec.dependsOn"),
    };

    /// <summary>Gathers scalars by the path of keys that leads to them.</summary>
    private sealed class Reading
    {
        private readonly Dictionary<string, List<string>> values = [];
        private readonly Stack<(bool IsMap, string? Key)> open = new();

        /// <summary>First line of the document.</summary>
        public int Line { get; private set; } = 1;

        /// <summary>Line of a name that a map has twice; null when there is none.</summary>
        public int? Twice { get; private set; }

        public bool IsOfBackstage => One("apiVersion")?.StartsWith("backstage.io/", StringComparison.Ordinal) == true;

        public string? One(string path) => values.TryGetValue(path, out var found) && found[0].Length > 0 ? found[0] : null;

        public IReadOnlyList<string> All(string path) => values.GetValueOrDefault(path) ?? [];

        public bool Take(ParsingEvent happened, int mostDepth)
        {
            switch (happened)
            {
                case DocumentStart:
                    values.Clear();
                    open.Clear();
                    Line = 0;
                    break;
                case MappingStart or SequenceStart:
                    Line = Line == 0 ? (int)happened.Start.Line : Line;
                    open.Push((happened is MappingStart, null));
                    return open.Count <= mostDepth;
                case MappingEnd or SequenceEnd:
                    open.Pop();
                    Next();
                    break;
                case Scalar scalar:
                    Scalar(scalar.Value, (int)scalar.Start.Line);
                    break;
                case AnchorAlias:
                    Scalar("", (int)happened.Start.Line);
                    break;
            }

            return true;
        }

        private void Scalar(string text, int line)
        {
            if (open.TryPeek(out var top) && top is (true, null))
            {
                open.Pop();
                open.Push((true, text.Length > MostText ? text[..MostText] : text));
                return;
            }

            var path = string.Join('.', open.Reverse().Where(level => level.IsMap).Select(level => level.Key));
            if (!values.TryGetValue(path, out var list))
            {
                values.Add(path, list = []);
            }
            else if (top.IsMap)
            {
                Twice ??= line;
            }

            list.Add(SecretShapes.Masked(string.Join(' ', (text.Length > MostText ? text[..MostText] : text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
            Next();
        }

        /// <summary>A value ended: in a map, a key comes next.</summary>
        private void Next()
        {
            if (open.TryPeek(out var top) && top.IsMap)
            {
                open.Pop();
                open.Push((true, null));
            }
        }
    }
}

/// <summary>What a catalogue holds.</summary>
/// <param name="Entities">In order.</param>
/// <param name="Fault">What is wrong with it and where, in our own words; null when nothing is.</param>
internal sealed record CatalogRead(IReadOnlyList<CatalogEntity> Entities, string? Fault);
