using System.Text.Encodings.Web;
using System.Text.Json;

namespace McpInfra.Graph.Collectors.State;

/// <summary>A state file of version 4, as Terraform since 0.12 and OpenTofu write it.</summary>
/// <param name="Lineage">Random id of the state's history.</param>
/// <param name="Serial">Counts the state's versions.</param>
/// <param name="Instances">Managed objects; data sources and deposed objects are left out.</param>
internal sealed record StateFile(string Lineage, long Serial, IReadOnlyList<StateInstance> Instances)
{
    /// <summary>The engine that wrote it.</summary>
    public string Engine { get; init; } = "terraform";

    private const int Version = 4;
    private static readonly JsonFile Form = new("state", 256, "apply the stack once", "Split the stack", "Fetch it again (`terraform state pull`)");

    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="SourceException">The file is unreadable, too large, cut off, no state or of another version.</exception>
    public static StateFile Read(string path) => Read(Form.Read(path), path);

    /// <inheritdoc cref="Read(string)"/>
    /// <param name="bytes">A state's bytes.</param>
    /// <param name="name">What they are called in faults.</param>
    public static StateFile Read(byte[] bytes, string name)
    {
        using var document = Form.Parse(bytes, name);
        return Of(document.RootElement, name);
    }

    private static StateFile Of(JsonElement root, string path)
    {
        if (root.ValueKind is not JsonValueKind.Object || !root.TryGetProperty("version", out var version) || version.ValueKind is not JsonValueKind.Number)
        {
            throw new SourceException($"{path} is JSON but not a Terraform state: it has no version. Point the source's `path` at a state file.");
        }

        if (!version.TryGetInt32(out var number) || number != Version)
        {
            throw new SourceException($"{path} is a state of version {version.GetRawText()}; only version 4 is read. Let Terraform 0.12 or newer, or OpenTofu, write it once (`terraform apply -refresh-only`).");
        }

        try
        {
            return new StateFile(
                root.GetProperty("lineage").GetString() ?? "", root.GetProperty("serial").GetInt64(),
                [.. root.GetProperty("resources").EnumerateArray().Where(IsManaged).SelectMany(InstancesOf)]);
        }
        catch (Exception fault) when (fault is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SourceException($"{path} is not a whole Terraform state: a part of it is missing or of another form. Fetch it again (`terraform state pull`).", fault);
        }
    }

    private static bool IsManaged(JsonElement resource) => resource.GetProperty("mode").GetString() == "managed";

    private static IEnumerable<StateInstance> InstancesOf(JsonElement resource)
    {
        var module = resource.TryGetProperty("module", out var path) ? path.GetString() ?? "" : "";
        var (type, name) = (resource.GetProperty("type").GetString()!, resource.GetProperty("name").GetString()!);
        foreach (var instance in resource.GetProperty("instances").EnumerateArray())
        {
            if (!instance.TryGetProperty("deposed", out _))
            {
                var attributes = instance.TryGetProperty("attributes", out var given) ? given.Clone() : default;
                yield return new StateInstance(module, type, name, Key(instance), attributes, Sensitive(instance), Texts(instance, "dependencies"));
            }
        }
    }

    private static string Key(JsonElement instance) => !instance.TryGetProperty("index_key", out var key) ? "" : key.ValueKind switch
    {
        JsonValueKind.String => $"[{JsonSerializer.Serialize(key.GetString(), Quoted)}]",
        JsonValueKind.Number => $"[{key.GetRawText()}]",
        _ => "",
    };

    private static string[] Texts(JsonElement instance, string name) =>
        instance.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array ? [.. list.EnumerateArray().Select(item => item.GetString()!)] : [];

    /// <summary>Each path is a list of steps, {"type": "get_attr", "value": "password"} or {"type": "index", "value": {"value": 0, "type": "number"}}.</summary>
    private static string[] Sensitive(JsonElement instance) =>
        instance.TryGetProperty("sensitive_attributes", out var paths) && paths.ValueKind is JsonValueKind.Array
            ? [.. paths.EnumerateArray().Select(path => string.Join('.', path.EnumerateArray().Select(Step)))]
            : [];

    private static string Step(JsonElement step)
    {
        var value = step.GetProperty("value");
        return (value.ValueKind is JsonValueKind.Object ? value.GetProperty("value") : value).ToString();
    }
}
