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
    public static IReadOnlyList<CatalogEntity> Read(byte[] file)
    {
        var entities = new List<CatalogEntity>();
        try
        {
            var parser = new Parser(new StringReader(Encoding.UTF8.GetString(file).TrimStart('\uFEFF')));
            var values = new Dictionary<string, List<string>>();
            var reading = new Reading(values);
            for (var events = 0; events < MostEvents && entities.Count < MostEntities && parser.MoveNext(); events++)
            {
                if (parser.Current is DocumentEnd && Entity(values, reading.Line) is { } entity)
                {
                    entities.Add(entity);
                }

                if (!reading.Take(parser.Current!, MostDepth))
                {
                    break;
                }
            }
        }
        catch (YamlException)
        {
            // What came before the fault counts.
        }

        return entities;
    }

    private static CatalogEntity? Entity(Dictionary<string, List<string>> values, int line)
    {
        if (One("apiVersion")?.StartsWith("backstage.io/", StringComparison.Ordinal) != true || One("kind") is not { } kind || One("metadata.name") is not { } name)
        {
            return null;
        }

        return new CatalogEntity(kind, name, line)
        {
            Owner = One("spec.owner") is { } owner ? owner[(owner.LastIndexOfAny([':', '/']) + 1)..] : null, System = One("spec.system"), Type = One("spec.type"), Lifecycle = One("spec.lifecycle"),
            Description = One("metadata.description"), Tags = values.GetValueOrDefault("metadata.tags") ?? [], DependsOn = values.GetValueOrDefault("spec.dependsOn") ?? [],
        };

        string? One(string path) => values.TryGetValue(path, out var found) && found[0].Length > 0 ? found[0] : null;
    }

    /// <summary>Gathers scalars by the path of keys that leads to them.</summary>
    private sealed class Reading(Dictionary<string, List<string>> values)
    {
        private readonly Stack<(bool IsMap, string? Key)> open = new();

        public int Line { get; private set; } = 1;

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
                    Scalar(scalar.Value);
                    break;
                case AnchorAlias:
                    Scalar("");
                    break;
            }

            return true;
        }

        private void Scalar(string text)
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
