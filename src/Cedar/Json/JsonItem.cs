using System.Text.Json;

namespace McpInfra.Cedar;

/// <summary>A JSON value that knows where it stands. Members keep their order and have distinct names.</summary>
internal sealed class JsonItem(JsonValueKind kind, int offset)
{
    public JsonValueKind Kind { get; } = kind;

    /// <summary>Bytes from the start of the text.</summary>
    public int Offset { get; } = offset;

    public string Text { get; init; } = "";

    /// <summary>The number, when it is a whole one of 64 bits.</summary>
    public long? Number { get; init; }

    public List<JsonItem> Items { get; init; } = [];

    public List<(string Name, JsonItem Value)> Members { get; init; } = [];

    public JsonItem? this[string name]
    {
        get
        {
            foreach (var (member, value) in Members)
            {
                if (member == name)
                {
                    return value;
                }
            }

            return null;
        }
    }

    public bool IsText => Kind == JsonValueKind.String;

    public bool IsObject => Kind == JsonValueKind.Object;

    public bool IsArray => Kind == JsonValueKind.Array;

    public string Describe() => Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => Number is null ? "a number that is not a 64-bit integer" : "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };

    public JsonFault Expected(string expected) => new(Offset, $"expected {expected}, found {Describe()}");

    public JsonItem Object(string expected) => IsObject ? this : throw Expected(expected);

    public JsonItem Array(string expected) => IsArray ? this : throw Expected(expected);

    public string String(string expected) => IsText ? Text : throw Expected(expected);

    public bool Boolean(string expected) => Kind is JsonValueKind.True or JsonValueKind.False ? Kind == JsonValueKind.True : throw Expected(expected);

    public JsonItem Require(string name) => Object($"an object with `{name}`")[name] ?? throw new JsonFault(Offset, $"expected the member `{name}`");

    /// <summary>Refuses members of other names.</summary>
    public JsonItem Only(params ReadOnlySpan<string> names)
    {
        foreach (var (name, value) in Members)
        {
            if (!names.Contains(name))
            {
                throw new JsonFault(value.Offset, $"unknown member `{name}`: expected {string.Join(", ", names!)}");
            }
        }

        return this;
    }
}
