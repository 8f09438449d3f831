using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Tools.Plans.State;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>
/// Compares a resource before and after, attribute by attribute. Tokens count as what they stand for: the host alone knows it, so a secret that really changes is told from one that was only replaced.
/// </summary>
/// <param name="address">The resource's address.</param>
/// <param name="secrets">Masks what is shown.</param>
/// <param name="originals">What tokens stand for.</param>
internal sealed class AttributeDiff(string address, PlanSecrets secrets, Originals originals)
{
    /// <summary>Stands for a value that only an apply would tell.</summary>
    public const string Unknown = "(known after apply)";

    private const string Hidden = "(sensitive)";
    private const int MostValue = 160;
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<DiffLine> lines = [];

    // Set when a token stands for two secrets, so that nobody can tell which.
    private bool isAmbiguous;

    /// <summary>What differs in one change of the plan.</summary>
    public static IReadOnlyList<DiffLine> Of(JsonObject change, string address, PlanSecrets secrets, Originals originals)
    {
        var diff = new AttributeDiff(address, secrets, originals);
        diff.Compare(change["before"], change["after"], change["after_unknown"], new Marks(change["before_sensitive"], change["after_sensitive"]), new DiffPlace("", "", ""));
        return diff.lines;
    }

    /// <summary>Whether both are the same when tokens are what they stand for.</summary>
    public bool IsSame(JsonNode? before, JsonNode? after, string path) => JsonNode.DeepEquals(Restored(before, path), Restored(after, path));

    /// <summary>A value as it may be shown.</summary>
    public string Shown(JsonNode? value, string name)
    {
        if (value is null)
        {
            return "null";
        }

        var clean = secrets.Redactor.Json(new JsonObject { [name] = value.DeepClone() }) is JsonObject only ? only.First().Value : null;
        var text = secrets.Redactor.Text(clean?.ToJsonString(Plain) ?? "null");
        return text.Length <= MostValue ? text : $"{text[..MostValue]}… ({text.Length} characters)";
    }

    /// <summary>Whether a node of marks says yes.</summary>
    public static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var truth) && truth;

    private void Compare(JsonNode? before, JsonNode? after, JsonNode? unknown, Marks marks, DiffPlace at)
    {
        if (IsTrue(unknown))
        {
            lines.Add(new DiffLine(new(at.Shown, marks.Any || before is null ? null : Shown(before, at.Name), Unknown), at.Path, DiffReason.Unknown));
        }
        else if (marks.Any)
        {
            Add(before, after, at, () => new(at.Shown, null, Hidden));
        }
        else if (before is JsonObject or null && after is JsonObject or null && (before ?? after) is not null)
        {
            var (old, now) = (before as JsonObject ?? [], after as JsonObject ?? []);
            foreach (var key in old.Select(pair => pair.Key).Union(now.Select(pair => pair.Key)).Union((unknown as JsonObject ?? []).Select(pair => pair.Key)))
            {
                Compare(old[key], now[key], (unknown as JsonObject)?[key], marks.In(key), at.In(key, secrets.Redactor.Text(key)));
            }
        }
        else if (before is JsonArray or null && after is JsonArray or null && (before ?? after) is not null)
        {
            Items(before as JsonArray ?? [], after as JsonArray ?? [], unknown, marks, at);
        }
        else
        {
            Add(before, after, at, () => new(at.Shown, before is null ? null : Shown(before, at.Name), Shown(after, at.Name)));
        }
    }

    private void Items(JsonArray before, JsonArray after, JsonNode? unknown, Marks marks, DiffPlace at)
    {
        // Tokens sort otherwise than what they stand for, so that a set may only have turned round.
        if (unknown is not JsonArray { Count: > 0 } && !JsonNode.DeepEquals(before, after) && IsTurned(before, after, at.Path))
        {
            lines.Add(new DiffLine(new(at.Shown, null, Hidden), at.Path, DiffReason.Token));
            return;
        }

        for (var index = 0; index < Math.Max(before.Count, after.Count); index++)
        {
            Compare(Item(before, index), Item(after, index), Item(unknown as JsonArray ?? [], index), marks.In(index), at.In(index));
        }
    }

    private bool IsTurned(JsonArray before, JsonArray after, string path)
    {
        var (plain, old) = (before.Select(Text).ToList(), before.Select(item => Text(Restored(item, path))).ToList());
        return before.Count == after.Count && !plain.SequenceEqual(old) && old.Order(StringComparer.Ordinal).SequenceEqual(after.Select(item => Text(Restored(item, path))).Order(StringComparer.Ordinal));
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "null";

    private void Add(JsonNode? before, JsonNode? after, DiffPlace at, Func<AttributeRead> line)
    {
        if (!JsonNode.DeepEquals(before, after))
        {
            isAmbiguous = false;
            var token = IsSame(before, after, at.Path) || isAmbiguous;
            lines.Add(new DiffLine(line(), at.Path, token ? DiffReason.Token : DiffReason.Value));
        }
    }

    private JsonNode? Restored(JsonNode? node, string path) => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(originals.Restored(field.Key) ?? field.Key, Restored(field.Value, $"{path}.{field.Key}")?.DeepClone()))),
        JsonArray items => new JsonArray([.. items.Select((item, index) => Restored(item, $"{path}.{index}")?.DeepClone())]),
        JsonValue value when value.GetValueKind() is JsonValueKind.String => originals.Restored(value.GetValue<string>()) is { } text ? JsonValue.Create(text) : Ambiguous(value),
        JsonValue value when IsStandIn(value) && originals.At(address, path) is { } original => original,
        _ => node,
    };

    private static bool IsStandIn(JsonValue value) => value.GetValueKind() is JsonValueKind.False || (value.GetValueKind() is JsonValueKind.Number && value.ToJsonString() == "0");

    private JsonValue Ambiguous(JsonValue value)
    {
        isAmbiguous = true;
        return value;
    }

    private static JsonNode? Item(JsonArray items, int index) => index < items.Count ? items[index] : null;

    private readonly record struct Marks(JsonNode? Before, JsonNode? After)
    {
        public bool Any => IsTrue(Before) || IsTrue(After);

        public Marks In(string key) => new((Before as JsonObject)?[key], (After as JsonObject)?[key]);

        public Marks In(int index) => new(Item(Before as JsonArray ?? [], index), Item(After as JsonArray ?? [], index));
    }

    private readonly record struct DiffPlace(string Path, string Name, string Shown)
    {
        public DiffPlace In(string key, string shown) => new(Path.Length == 0 ? key : $"{Path}.{key}", key, Shown.Length == 0 ? shown : $"{Shown}.{shown}");

        public DiffPlace In(int index) => this with { Path = $"{Path}.{index}", Shown = $"{Shown}[{index}]" };
    }
}
