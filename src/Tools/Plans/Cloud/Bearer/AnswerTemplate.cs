using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace McpInfra.Tools.Plans.Cloud.Bearer;

/// <summary>
/// Fills an answer with attributes of a resource of the state. A text `$a.0.b` is the attribute itself, whatever it is; within a text `${a.0.b}` is its text; `base64 …` encodes what follows.
/// `unix …` makes seconds of a date. An object with `$each` repeats its `as` for each element of a list, as a list or `by` an attribute as an object; `$with` merges objects; `$flags` names what is true; `$when` and
/// `$unless` say when an object is meant at all, and `kubeconfig $a.0` writes one. What the resource does not have is left out.
/// </summary>
/// <param name="held">The resource's attributes, sanitised.</param>
internal sealed class AnswerTemplate(JsonNode? held)
{
    private bool asked;
    private bool found;

    /// <summary>The answer; null when it is not meant, or when the resource has nothing of what it asks for.</summary>
    public JsonNode? Fill(JsonNode? template) => Filled(template) is { } answer && (found || !asked) ? answer : null;

    private JsonNode? Filled(JsonNode? template) => template switch
    {
        JsonObject map when (map["$when"] is { } when && !IsSet(At(when.GetValue<string>()))) || (map["$unless"] is { } unless && IsSet(At(unless.GetValue<string>()))) => null,
        JsonObject map when map["$each"] is JsonValue each => Each(map, each.GetValue<string>()),
        JsonObject map when map["$flags"] is JsonObject flags => string.Join(", ", flags.Where(flag => IsSet(At(flag.Key))).Select(flag => flag.Value!.GetValue<string>())),
        JsonObject map when map["$with"] is JsonArray parts => Merged(parts),
        JsonObject map => Object(map.Where(pair => !pair.Key.StartsWith('$')).Select(pair => (pair.Key, Filled(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Item).Where(item => item is not null)]),
        JsonValue value when value.TryGetValue<string>(out var text) => OfText(text),
        _ => template?.DeepClone(),
    };

    // What the resource has nothing of is not in the list.
    private JsonNode? Item(JsonNode? template)
    {
        var one = new AnswerTemplate(held);
        var filled = one.Fill(template);
        (asked, found) = (asked || one.asked, found || one.found);
        return filled;
    }

    private JsonNode? OfText(string text) =>
        text.StartsWith("base64 ", StringComparison.Ordinal) ? OfText(text[7..]) is { } inner ? Convert.ToBase64String(Encoding.UTF8.GetBytes(inner.ToString())) : null
        : text.StartsWith("unix ", StringComparison.Ordinal) ? OfText(text[5..]) is { } date && DateTimeOffset.TryParse(date.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUnixTimeSeconds() : null
        : text.StartsWith("kubeconfig ", StringComparison.Ordinal) ? KubeConfig(OfText(text[11..]) as JsonObject)
        : text.Contains("${", StringComparison.Ordinal) ? Interpolated(text)
        : text.StartsWith('$') ? Take(text[1..])
        : text;

    private JsonNode? Take(string path)
    {
        asked = true;
        var node = At(path);
        found |= node is JsonObject or JsonArray || IsSet(node);
        return node is JsonObject or JsonArray || IsSet(node) ? node!.DeepClone() : null;
    }

    // Whole or not at all: half of a connection string is none.
    private JsonValue? Interpolated(string text)
    {
        var written = new StringBuilder();
        foreach (var (piece, index) in text.Split("${").Select((piece, index) => (piece, index)))
        {
            var end = index == 0 ? -1 : piece.IndexOf('}', StringComparison.Ordinal);
            if (end >= 0)
            {
                if (Take(piece[..end]) is not { } value)
                {
                    return null;
                }

                written.Append(value);
            }

            written.Append(piece.AsSpan(end + 1));
        }

        return JsonValue.Create(written.ToString());
    }

    private JsonNode Each(JsonObject map, string path)
    {
        (asked, found) = (true, true);
        var items = (At(path) as JsonArray ?? []).Select(item => (Item: item, Filled: new AnswerTemplate(item).Fill(map["as"]))).ToList();
        return map["by"] is { } by ? Object(items.Select(one => (one.Item?[by.GetValue<string>()]?.ToString() ?? "", one.Filled))) : new JsonArray([.. items.Select(one => one.Filled)]);
    }

    private JsonObject Merged(JsonArray parts) => Object(parts.Select(Filled).OfType<JsonObject>().SelectMany(part => part.Select(pair => (pair.Key, pair.Value?.DeepClone()))));

    private static JsonObject Object(IEnumerable<(string Key, JsonNode? Value)> pairs)
    {
        var map = new JsonObject();
        foreach (var (key, value) in pairs.Where(pair => pair.Value is not null))
        {
            map[key] = value;
        }

        return map;
    }

    private JsonNode? At(string path) => path.Split('.').Aggregate(held, (node, part) =>
        node is JsonArray list ? int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count ? list[index] : null : (node as JsonObject)?[part]);

    private static bool IsSet(JsonNode? node) => node switch
    {
        JsonArray list => list.Count > 0,
        JsonValue value => value.TryGetValue<string>(out var text) ? text.Length > 0 : !value.TryGetValue<bool>(out var flag) || flag,
        _ => node is not null,
    };

    // JSON is YAML too. Where nothing of a user is known, the cluster's own users sign in by a program, and clients tell the two apart by that.
    private static JsonValue? KubeConfig(JsonObject? config)
    {
        if (config is null)
        {
            return null;
        }

        var name = config["username"]?.ToString() is { Length: > 0 } user ? user : "user";
        var known = Object([("client-certificate-data", Text("client_certificate")), ("client-key-data", Text("client_key")), ("token", Text("password"))]);
        var written = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["clusters"] = new JsonArray(new JsonObject { ["name"] = "cluster", ["cluster"] = Object([("server", Text("host")), ("certificate-authority-data", Text("cluster_ca_certificate"))]) }),
            ["users"] = new JsonArray(new JsonObject { ["name"] = name, ["user"] = known.Count > 0 ? known : new JsonObject { ["exec"] = new JsonObject { ["apiVersion"] = "client.authentication.k8s.io/v1beta1", ["command"] = "kubelogin" } } }),
            ["contexts"] = new JsonArray(new JsonObject { ["name"] = "cluster", ["context"] = new JsonObject { ["cluster"] = "cluster", ["user"] = name } }),
            ["current-context"] = "cluster",
        };
        return JsonValue.Create(written.ToJsonString());

        JsonNode? Text(string attribute) => config[attribute]?.ToString() is { Length: > 0 } text ? JsonValue.Create(text) : null;
    }
}
