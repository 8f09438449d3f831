using System.Text.Json.Nodes;

namespace McpInfra.Guardrails.Spotlight;

/// <summary>The strings and keys of a JSON value as cells, each with a number, and the orders in which somebody may read them one after another.</summary>
internal sealed class JsonCells
{
    private readonly JsonNode root;
    private readonly List<string> texts = [];
    private readonly List<string> columns = [];

    /// <param name="root">Stays as it is.</param>
    public JsonCells(JsonNode root)
    {
        this.root = root;
        Gather(root, "");
    }

    /// <summary>The cells in the order of the document.</summary>
    public IReadOnlyList<string> Texts => texts;

    /// <summary>The numbers of cells as they may be read: all, values alone, and field by field (every name, then every comment) over lists of objects.</summary>
    public IEnumerable<IReadOnlyList<int>> Orders
    {
        get
        {
            var all = Enumerable.Range(0, texts.Count);
            yield return [.. all];
            yield return [.. all.Where(cell => columns[cell].Length > 0)];
            yield return [.. all.Where(cell => columns[cell].Length > 0).GroupBy(cell => columns[cell]).Where(column => column.Count() > 1).SelectMany(column => column)];
        }
    }

    /// <summary>The JSON with cells replaced; a key that becomes one already there gets a number.</summary>
    /// <param name="replaced">As many as there are cells.</param>
    public JsonNode With(IReadOnlyList<string> replaced)
    {
        var at = 0;
        return Built(root, replaced, ref at)!;
    }

    private void Gather(JsonNode? node, string path)
    {
        switch (node)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields)
                {
                    Add(name, "");
                    Gather(value, $"{path}/{name}");
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Gather(item, path);
                }

                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                Add(text, path.Length == 0 ? "/" : path);
                break;
        }
    }

    private void Add(string text, string column)
    {
        texts.Add(text);
        columns.Add(column);
    }

    private static JsonNode? Built(JsonNode? node, IReadOnlyList<string> replaced, ref int at)
    {
        switch (node)
        {
            case JsonObject fields:
                var built = new JsonObject();
                foreach (var (_, value) in fields)
                {
                    var name = JsonStrings.Free(built, replaced[at++]);
                    built[name] = Built(value, replaced, ref at);
                }

                return built;
            case JsonArray items:
                var list = new JsonArray();
                foreach (var item in items)
                {
                    list.Add(Built(item, replaced, ref at));
                }

                return list;
            case JsonValue value when value.TryGetValue<string>(out _):
                return JsonValue.Create(replaced[at++]);
            default:
                return node?.DeepClone();
        }
    }
}
