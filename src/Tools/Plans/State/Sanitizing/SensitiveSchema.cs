using System.Text.Json;

namespace McpInfra.Tools.Plans.State;

/// <summary>What the schemas of providers mark as sensitive or write-only, by provider, mode and type. The rest of a schema, tens of megabytes, is not kept.</summary>
public sealed class SensitiveSchema
{
    private const int MostLevels = 64;

    private readonly Dictionary<string, IReadOnlyList<string>> paths;
    private readonly Dictionary<string, SensitiveNode?> nodes = new(StringComparer.Ordinal);

    private SensitiveSchema(Dictionary<string, IReadOnlyList<string>> paths) => this.paths = paths;

    /// <summary>Nothing is marked.</summary>
    public static SensitiveSchema None { get; } = new([]);

    /// <summary>Marked paths by type, as they are kept.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Paths => paths;

    /// <summary>From what <see cref="Paths"/> gave.</summary>
    public static SensitiveSchema From(IReadOnlyDictionary<string, IReadOnlyList<string>> paths) => new(new(paths, StringComparer.Ordinal));

    /// <summary>Several as one.</summary>
    public static SensitiveSchema All(IEnumerable<SensitiveSchema> schemas) =>
        new(schemas.SelectMany(schema => schema.paths).GroupBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First().Value, StringComparer.Ordinal));

    /// <summary>Reads `terraform providers schema -json`, once from its start to its end.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static SensitiveSchema Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 512 });
            var found = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            reader.Read();
            Enter(ref reader);
            while (Next(ref reader) is { } key)
            {
                if (key == "provider_schemas")
                {
                    Providers(ref reader, found);
                }
                else
                {
                    reader.Skip();
                }
            }

            return new SensitiveSchema(found);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException("The providers' schemas have a form that this version does not know.", exception);
        }
    }

    /// <summary>What is marked of a type; null for nothing.</summary>
    /// <param name="provider">The provider's address, such as `registry.terraform.io/hashicorp/aws`.</param>
    /// <param name="isData">Whether it is a data source.</param>
    /// <param name="type">The engine's type.</param>
    public SensitiveNode? Of(string provider, bool isData, string type)
    {
        var key = Key(provider, isData, type);
        if (!nodes.TryGetValue(key, out var node))
        {
            nodes[key] = node = paths.TryGetValue(key, out var marked) ? SensitiveNode.Of(marked) : null;
        }

        return node;
    }

    private static string Key(string provider, bool isData, string type) => $"{provider} {(isData ? "data." : "")}{type}";

    private static void Providers(ref Utf8JsonReader reader, Dictionary<string, IReadOnlyList<string>> found)
    {
        Enter(ref reader);
        while (Next(ref reader) is { } provider)
        {
            Enter(ref reader);
            while (Next(ref reader) is { } part)
            {
                if (part is "resource_schemas" or "data_source_schemas")
                {
                    Types(ref reader, provider, part == "data_source_schemas", found);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
    }

    private static void Types(ref Utf8JsonReader reader, string provider, bool isData, Dictionary<string, IReadOnlyList<string>> found)
    {
        Enter(ref reader);
        while (Next(ref reader) is { } type)
        {
            Enter(ref reader);
            var marked = new List<string>();
            while (Next(ref reader) is { } key)
            {
                if (key == "block")
                {
                    Block(ref reader, marked, MostLevels);
                }
                else
                {
                    reader.Skip();
                }
            }

            if (marked.Count > 0)
            {
                found[Key(provider, isData, type)] = marked;
            }
        }
    }

    /// <summary>A block, or the type of nested attributes: attributes and blocks within.</summary>
    /// <returns>Whether its keys are a map's.</returns>
    private static bool Block(ref Utf8JsonReader reader, List<string> marked, int levels)
    {
        if (levels == 0)
        {
            throw new JsonException();
        }

        Enter(ref reader);
        var isMap = false;
        while (Next(ref reader) is { } key)
        {
            switch (key)
            {
                case "attributes" or "block_types":
                    Enter(ref reader);
                    while (Next(ref reader) is { } name)
                    {
                        Named(ref reader, name, marked, levels - 1);
                    }

                    break;
                case "nesting_mode":
                    isMap = reader.ValueTextEquals("map"u8);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return isMap;
    }

    private static void Named(ref Utf8JsonReader reader, string name, List<string> marked, int levels)
    {
        Enter(ref reader);
        var (within, isMap) = (new List<string>(), false);
        while (Next(ref reader) is { } key)
        {
            switch (key)
            {
                case "sensitive" or "write_only" when reader.TokenType is JsonTokenType.True:
                    marked.Add(name);
                    break;
                case "nested_type" or "block":
                    isMap |= Block(ref reader, within, levels);
                    break;
                case "nesting_mode":
                    isMap |= reader.ValueTextEquals("map"u8);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        marked.AddRange(within.Select(path => isMap ? $"{name}.{SensitiveNode.AnyKey}.{path}" : $"{name}.{path}"));
    }

    private static void Enter(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            throw new JsonException();
        }
    }

    // The next name of the object that the reader stands in, with the reader on its value; null at its end.
    private static string? Next(ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            throw new JsonException();
        }

        if (reader.TokenType is JsonTokenType.EndObject)
        {
            return null;
        }

        var name = reader.TokenType is JsonTokenType.PropertyName ? reader.GetString() : throw new JsonException();
        reader.Read();
        return name;
    }
}
