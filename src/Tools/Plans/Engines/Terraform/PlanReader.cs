using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.Tools.Plans.Facts;
using McpInfra.Tools.Plans.State;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>Reads a plan's JSON: what would change, with every sensitive or secret value masked, and without changes that only our tokens make.</summary>
public sealed class PlanReader
{
    private const int MostChanges = 5000;
    private const int MostLines = 60;

    private readonly PlanSecrets secrets;
    private readonly SanitizedState state;
    private readonly IReadOnlySet<string> dynamicBlocks;
    private readonly ILookup<string, string> masked;

    private PlanReader(PlanSecrets secrets, SanitizedState state, IReadOnlySet<string> dynamicBlocks) =>
        (this.secrets, this.state, this.dynamicBlocks, masked) = (secrets, state, dynamicBlocks, state.Masked.ToLookup(value => value.Address, value => value.Path, StringComparer.Ordinal));

    /// <summary>Reads it.</summary>
    /// <param name="plan">As `terraform show -json` writes it.</param>
    /// <param name="state">The state that it was made with.</param>
    /// <param name="secrets">What masks.</param>
    /// <param name="kind">What was asked for.</param>
    /// <param name="dynamicBlocks">Blocks that the code writes by `dynamic`, as `type.name.block`.</param>
    /// <exception cref="InvalidDataException">It is no plan.</exception>
    public static PlanContents Read(byte[] plan, SanitizedState state, PlanSecrets secrets, PlanKind kind = PlanKind.Change, IReadOnlySet<string>? dynamicBlocks = null)
    {
        try
        {
            var root = JsonNode.Parse(plan, documentOptions: new JsonDocumentOptions { MaxDepth = 256 })!.AsObject();
            return new PlanReader(secrets, state, dynamicBlocks ?? new HashSet<string>()).Read(root, kind);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new InvalidDataException("The engine's plan has a form that this version does not know.", exception);
        }
    }

    private PlanContents Read(JsonObject root, PlanKind kind)
    {
        var planned = (root[kind is PlanKind.Drift ? "resource_drift" : "resource_changes"] as JsonArray ?? []).Take(MostChanges + 1).Select(change => Resource(change!.AsObject())).OfType<PlannedResource>().ToList();
        if (planned.Count > MostChanges)
        {
            throw new InvalidDataException($"The plan changes more than {MostChanges} resources.");
        }

        var notCompared = TokenChanges.Of(planned, new PlanConfiguration(root["configuration"]), masked);

        // A refresh calls it drift when nothing became an empty map.
        var changes = planned.Where(resource => !notCompared.Contains(resource.Address)).Select(Read).Where(read => kind is PlanKind.Change || read.Action != "update" || read.Lines.Count > 0).ToList();
        var outputs = (root["output_changes"] as JsonObject ?? []).Select(output => Output(output.Key, output.Value!.AsObject())).OfType<ChangeRead>().ToList();
        var failedChecks = (root["checks"] as JsonArray ?? []).Count(check => check!["status"]?.GetValue<string>() is "fail" or "error");
        root.Remove("timestamp");
        return new PlanContents(
            changes,
            outputs,
            [.. planned.Select(resource => resource.Address).Where(notCompared.Contains)],
            (root["resource_drift"] as JsonArray)?.Count ?? 0,
            root["left_out"]?["managed"]?.GetValue<int>() ?? Managed(root["prior_state"]?["values"]?["root_module"]),
            failedChecks,
            root["complete"]?.GetValue<bool>() ?? true,
            root["terraform_version"]?.GetValue<string>() ?? "",
            secrets.KeyedHash(JsonSerializer.SerializeToUtf8Bytes(root)),
            PlanDiff.Of([.. changes, .. outputs]))
        {
            Facts = kind is PlanKind.Drift ? new() : FactsReader.Read(root, notCompared, planned.Where(resource => resource.IsReplacedForTokens).Select(resource => resource.Address).ToHashSet(), dynamicBlocks),
        };
    }

    private PlannedResource? Resource(JsonObject resource)
    {
        var address = resource["address"]!.GetValue<string>();
        var change = resource["change"]!.AsObject();
        var action = Action(change["actions"]!.AsArray());
        return action == "no-op" && resource["previous_address"] is null ? null
            : new PlannedResource(address, resource["type"]?.GetValue<string>() ?? "", action == "no-op" ? "move" : action, AttributeDiff.Of(change, address, secrets, state.Originals))
            {
                ReplacedFor = [.. (change["replace_paths"] as JsonArray ?? []).Select(path => string.Join('.', path!.AsArray().Select(step => step!.ToString())))],
            };
    }

    private static ChangeRead Read(PlannedResource resource)
    {
        var shown = resource.Lines.Where(line => !line.OnlyToken).ToList();
        return new ChangeRead(resource.Address, resource.Type, resource.IsReplacedForTokens ? "update" : resource.Action, [.. shown.Take(MostLines).Select(line => line.Attribute)], Math.Max(0, shown.Count - MostLines))
        {
            NotCompared = [.. resource.Lines.Where(line => line.OnlyToken).Select(line => line.Attribute.Name)],
            ReplacedForTokens = resource.IsReplacedForTokens,
        };
    }

    private ChangeRead? Output(string name, JsonObject change)
    {
        var action = Action(change["actions"]!.AsArray());
        if (action == "no-op")
        {
            return null;
        }

        var values = new AttributeDiff("output", secrets, state.Originals);
        if (action == "update" && !AttributeDiff.IsTrue(change["after_unknown"]) && values.IsSame(change["before"], change["after"], name))
        {
            return null; // Only the token differs from what it stands for.
        }

        var hidden = AttributeDiff.IsTrue(change["before_sensitive"]) || AttributeDiff.IsTrue(change["after_sensitive"]) || masked["output"].Any(path => path == name || path.StartsWith(name + ".", StringComparison.Ordinal));
        var shown = new AttributeRead("value", hidden ? null : values.Shown(change["before"], name), hidden ? "(sensitive)" : AttributeDiff.IsTrue(change["after_unknown"]) ? AttributeDiff.Unknown : values.Shown(change["after"], name));
        return new ChangeRead("output." + secrets.Redactor.Text(name), "output", action, [shown], 0);
    }

    private static int Managed(JsonNode? module) =>
        (module?["resources"] as JsonArray ?? []).Count(resource => resource!["mode"]?.GetValue<string>() == "managed") + (module?["child_modules"] as JsonArray ?? []).Sum(Managed);

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
}
