using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Tools.Plans.State;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>Reads a plan's JSON: what would change, with every sensitive or secret value masked, and without changes that only our tokens make.</summary>
public sealed class PlanReader
{
    private const int MostChanges = 5000;
    private const int MostLines = 60;
    private const int MostValue = 160;
    private const int MostDiff = 64 << 10;
    private const string Unknown = "(known after apply)";

    private readonly PlanSecrets secrets;
    private readonly ILookup<string, string> masked;
    private readonly List<string> notCompared = [];

    private PlanReader(PlanSecrets secrets, SanitizedState state) =>
        (this.secrets, masked) = (secrets, state.Masked.ToLookup(value => value.Address, value => value.Path, StringComparer.Ordinal));

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">It is no plan.</exception>
    public static PlanContents Read(byte[] plan, SanitizedState state, PlanSecrets secrets, PlanKind kind = PlanKind.Change)
    {
        try
        {
            var root = JsonNode.Parse(plan, documentOptions: new JsonDocumentOptions { MaxDepth = 256 })!.AsObject();
            return new PlanReader(secrets, state).Read(root, kind);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new InvalidDataException("The engine's plan has a form that this version does not know.", exception);
        }
    }

    private PlanContents Read(JsonObject root, PlanKind kind)
    {
        var changes = new List<ChangeRead>();
        foreach (var change in (root[kind is PlanKind.Drift ? "resource_drift" : "resource_changes"] as JsonArray ?? []).Take(MostChanges + 1))
        {
            if (changes.Count == MostChanges)
            {
                throw new InvalidDataException($"The plan changes more than {MostChanges} resources.");
            }

            // A refresh calls it drift when nothing became an empty map.
            if (Resource(change!.AsObject()) is { } read && (kind is PlanKind.Change || read.Action != "update" || read.Lines.Count > 0))
            {
                changes.Add(read);
            }
        }

        var outputs = (root["output_changes"] as JsonObject ?? []).Select(output => Output(output.Key, output.Value!.AsObject())).OfType<ChangeRead>().ToList();
        var failedChecks = (root["checks"] as JsonArray ?? []).Count(check => check!["status"]?.GetValue<string>() is "fail" or "error");
        root.Remove("timestamp");
        return new PlanContents(
            changes,
            outputs,
            notCompared,
            (root["resource_drift"] as JsonArray)?.Count ?? 0,
            Managed(root["prior_state"]?["values"]?["root_module"]),
            failedChecks,
            root["complete"]?.GetValue<bool>() ?? true,
            root["terraform_version"]?.GetValue<string>() ?? "",
            secrets.KeyedHash(JsonSerializer.SerializeToUtf8Bytes(root)),
            Diff([.. changes, .. outputs]));
    }

    private ChangeRead? Resource(JsonObject resource)
    {
        var address = resource["address"]!.GetValue<string>();
        var change = resource["change"]!.AsObject();
        var action = Action(change["actions"]!.AsArray());
        if (action == "no-op" && resource["previous_address"] is null)
        {
            return null;
        }

        var lines = Lines(change, address);
        if (action is "update" or "replace" && lines.Count > 0 && lines.TrueForAll(line => line.OnlyToken))
        {
            notCompared.Add(address);
            return null;
        }

        if (masked[address].Contains("id"))
        {
            // Its own id was taken for a secret: whatever the engine makes of it is not true.
            notCompared.Add(address);
            return null;
        }

        var shown = lines.Where(line => !line.OnlyToken).ToList();
        return new ChangeRead(address, resource["type"]?.GetValue<string>() ?? "", action == "no-op" ? "move" : action, [.. shown.Take(MostLines).Select(line => line.Attribute)], Math.Max(0, shown.Count - MostLines))
        {
            NotCompared = [.. lines.Where(line => line.OnlyToken).Select(line => line.Attribute.Name)],
        };
    }

    private ChangeRead? Output(string name, JsonObject change)
    {
        var action = Action(change["actions"]!.AsArray());
        if (action == "no-op")
        {
            return null;
        }

        var hidden = IsTrue(change["before_sensitive"]) || IsTrue(change["after_sensitive"]) || masked["output"].Any(path => path == name || path.StartsWith(name + ".", StringComparison.Ordinal));
        var shown = new AttributeRead("value", hidden ? null : Shown(change["before"], name), hidden ? "(sensitive)" : IsTrue(change["after_unknown"]) ? Unknown : Shown(change["after"], name));
        return new ChangeRead("output." + secrets.Redactor.Text(name), "output", action, [shown], 0);
    }

    private List<Line> Lines(JsonObject change, string address)
    {
        var lines = new List<Line>();
        Compare(change["before"], change["after"], change["after_unknown"], new Marks(change["before_sensitive"], change["after_sensitive"]), new Place(address, "", ""), lines);
        return lines;
    }

    private void Compare(JsonNode? before, JsonNode? after, JsonNode? unknown, Marks marks, Place at, List<Line> lines)
    {
        if (IsTrue(unknown))
        {
            // What a token makes unknown is not compared either.
            var token = masked[at.Address].Any(path => path == at.Path || path.StartsWith(at.Path + ".", StringComparison.Ordinal)) && before is not null;
            lines.Add(new Line(new(at.Shown, marks.Any || before is null ? null : Shown(before, at.Name), Unknown), token));
            return;
        }

        if (marks.Any)
        {
            if (!JsonNode.DeepEquals(before, after))
            {
                lines.Add(new Line(new(at.Shown, null, "(sensitive)"), IsMasked(at)));
            }

            return;
        }

        switch (before, after)
        {
            case (JsonObject or null, JsonObject or null) when before is not null || after is not null:
                var (old, now) = (before as JsonObject ?? [], after as JsonObject ?? []);
                foreach (var key in old.Select(pair => pair.Key).Union(now.Select(pair => pair.Key)).Union((unknown as JsonObject ?? []).Select(pair => pair.Key)))
                {
                    Compare(old[key], now[key], (unknown as JsonObject)?[key], marks.In(key), at.In(key, secrets.Redactor.Text(key)), lines);
                }

                break;
            case (JsonArray or null, JsonArray or null) when before is not null || after is not null:
                var (olds, nows) = (before as JsonArray ?? [], after as JsonArray ?? []);
                for (var index = 0; index < Math.Max(olds.Count, nows.Count); index++)
                {
                    Compare(Item(olds, index), Item(nows, index), Item(unknown as JsonArray ?? [], index), marks.In(index), at.In(index), lines);
                }

                break;
            default:
                if (!JsonNode.DeepEquals(before, after))
                {
                    lines.Add(new Line(new(at.Shown, before is null ? null : Shown(before, at.Name), Shown(after, at.Name)), IsMasked(at)));
                }

                break;
        }
    }

    private bool IsMasked(Place at) => masked[at.Address].Any(path => path == at.Path || at.Path.StartsWith(path + ".", StringComparison.Ordinal));

    private string Shown(JsonNode? value, string name)
    {
        if (value is null)
        {
            return "null";
        }

        var clean = secrets.Redactor.Json(new JsonObject { [name] = value.DeepClone() }) is JsonObject only ? only.First().Value : null;
        var text = secrets.Redactor.Text(clean?.ToJsonString(Plain) ?? "null");
        return text.Length <= MostValue ? text : $"{text[..MostValue]}… ({text.Length} characters)";
    }

    private static int Managed(JsonNode? module) =>
        (module?["resources"] as JsonArray ?? []).Count(resource => resource!["mode"]?.GetValue<string>() == "managed") + (module?["child_modules"] as JsonArray ?? []).Sum(Managed);

    private static string Diff(IReadOnlyList<ChangeRead> changes)
    {
        var text = new StringBuilder();
        foreach (var change in changes)
        {
            if (text.Length > MostDiff)
            {
                text.Append("… cut\n");
                break;
            }

            text.Append(Sign(change.Action)).Append(' ').Append(change.Address).Append('\n');
            foreach (var line in change.Lines)
            {
                text.Append("    ").Append(line).Append('\n');
            }

            if (change.Left > 0)
            {
                text.Append("    … ").Append(change.Left).Append(" more attributes\n");
            }
        }

        return text.ToString();
    }

    private static string Sign(string action) => action switch
    {
        "create" => "+",
        "delete" => "-",
        "replace" => "-/+",
        "read" => "<=",
        "move" => "→",
        _ => "~",
    };

    private static string Action(JsonArray actions) => string.Join(' ', actions.Select(action => action!.GetValue<string>())) switch
    {
        "create" => "create",
        "update" => "update",
        "delete" => "delete",
        "read" => "read",
        "no-op" => "no-op",
        "forget" => "forget",
        "delete create" or "create delete" => "replace",
        _ => throw new InvalidDataException("The plan has an action that this version does not know."),
    };

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var truth) && truth;

    private static JsonNode? Item(JsonArray items, int index) => index < items.Count ? items[index] : null;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private sealed record Line(AttributeRead Attribute, bool OnlyToken);

    private readonly record struct Marks(JsonNode? Before, JsonNode? After)
    {
        public bool Any => IsTrue(Before) || IsTrue(After);

        public Marks In(string key) => new((Before as JsonObject)?[key], (After as JsonObject)?[key]);

        public Marks In(int index) => new(Item(Before as JsonArray ?? [], index), Item(After as JsonArray ?? [], index));
    }

    private readonly record struct Place(string Address, string Path, string Name, string Shown = "")
    {
        public Place In(string key, string shown) => this with { Path = Path.Length == 0 ? key : $"{Path}.{key}", Name = key, Shown = Shown.Length == 0 ? shown : $"{Shown}.{shown}" };

        public Place In(int index) => this with { Path = $"{Path}.{index}", Shown = $"{Shown}[{index}]" };
    }
}
