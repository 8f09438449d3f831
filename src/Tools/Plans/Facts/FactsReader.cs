using System.Text.Json.Nodes;
using McpInfra.Graph.Hcl;
using McpInfra.Guardrails;
using McpInfra.Tools.Plans.Engines.Terraform;

namespace McpInfra.Tools.Plans.Facts;

/// <summary>Computes the facts of a plan from its JSON by the tables of its providers. What cannot be told counts against the plan.</summary>
/// <param name="configuration">The code as the plan tells it.</param>
/// <param name="dynamicBlocks">What the plan does not tell of it: blocks that are written by `dynamic`, as `type.name.block`.</param>
internal sealed class FactsReader(PlanConfiguration configuration, IReadOnlySet<string> dynamicBlocks)
{
    private const int MostTags = 100;
    private const int MostTag = 128;
    private readonly SortedSet<string> types = new(StringComparer.Ordinal);
    private HashSet<string>? tags;
    private PlanFacts facts = new();
    private decimal? cost;

    /// <summary>The facts of what would change.</summary>
    /// <param name="root">The plan.</param>
    /// <param name="leftOut">Addresses that change only because a token stands where a secret was.</param>
    /// <param name="updated">Addresses that the engine would replace for such a token alone.</param>
    /// <param name="dynamicBlocks">Blocks that the code writes by `dynamic`, as `type.name.block`.</param>
    public static PlanFacts Read(JsonObject root, IReadOnlySet<string> leftOut, IReadOnlySet<string> updated, IReadOnlySet<string> dynamicBlocks)
    {
        var reader = new FactsReader(new PlanConfiguration(root["configuration"]), dynamicBlocks);
        foreach (var resource in (root["resource_changes"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var address = resource["address"]!.GetValue<string>();
            if (resource["mode"]?.GetValue<string>() is null or "managed" && !leftOut.Contains(address))
            {
                reader.Add(resource, address, updated.Contains(address));
            }
        }

        return reader.facts with
        {
            Types = [.. reader.types],
            TagsOnEvery = [.. (reader.tags ?? []).Order(StringComparer.Ordinal).Take(MostTags)],
            CostDelta = reader.cost,
        };
    }

    private void Add(JsonObject resource, string address, bool isUpdate)
    {
        var change = resource["change"]!.AsObject();
        var action = string.Join(' ', change["actions"]!.AsArray().Select(one => one!.GetValue<string>()));
        action = isUpdate ? "update" : action is "delete create" or "create delete" ? "replace" : action;
        if (action is not ("create" or "update" or "replace" or "delete" or "forget"))
        {
            return;
        }

        var type = resource["type"]?.GetValue<string>() ?? "";
        types.Add(type);
        var rows = FactTable.Shipped.Of(type);
        var stateful = rows.Any(row => row.Kind is FactKind.Stateful);
        facts = facts with
        {
            Creates = facts.Creates + Count(action == "create"),
            Updates = facts.Updates + Count(action == "update"),
            Replaces = facts.Replaces + Count(action == "replace"),
            Deletes = facts.Deletes + Count(action == "delete"),
            Forgets = facts.Forgets + Count(action == "forget"),
            StatefulReplaces = facts.StatefulReplaces + Count(stateful && action == "replace"),
            StatefulDeletes = facts.StatefulDeletes + Count(stateful && action == "delete"),
        };
        if (action != "forget")
        {
            Weigh(change, address, rows);
            Tag(action, type, change);
            Price(action, type, change);
        }
    }

    private void Weigh(JsonObject change, string address, IReadOnlyList<FactRow> rows)
    {
        var (before, after) = (change["before"] as JsonObject, change["after"] as JsonObject);
        foreach (var kind in rows.Where(row => Matters(row, before, after, change, address)).Select(row => row.Kind).Distinct())
        {
            facts = kind switch
            {
                FactKind.Public => facts with { PublicExposure = facts.PublicExposure + 1 },
                FactKind.Grant => facts with { PermissionsWidened = facts.PermissionsWidened + 1 },
                FactKind.Encrypt => facts with { EncryptionRemoved = facts.EncryptionRemoved + 1 },
                _ => facts,
            };
        }
    }

    private bool Matters(FactRow row, JsonObject? before, JsonObject? after, JsonObject change, string address)
    {
        if (row.Kind is FactKind.Stateful || (row.Loses && after is null && !row.OnDelete))
        {
            return false;
        }

        var then = Spots.Of(row, before, null);
        var now = Spots.Of(row, after, change["after_unknown"]);
        var (wanted, known) = row.Loses ? (then, now) : (now, then);
        return LosesDenial(row, before, after) || wanted.Any(spot => spot.IsUnknown ? IsWritten(address, row) : !known.Any(other => IsWithin(row, spot, other)));
    }

    // A denial that goes lets somebody do what it denied.
    private static bool LosesDenial(FactRow row, JsonObject? before, JsonObject? after)
    {
        if (row.Test.Word != "grants" || row.Path is not [var document] || before?[document] is not { } then || after?[document] is not { } now)
        {
            return false;
        }

        var kept = PolicyDocument.Denials(now);
        return PolicyDocument.Denials(then).Any(denial => !kept.Contains(denial));
    }

    private static bool IsWithin(FactRow row, Spot spot, Spot other) =>
        row.Test.ReadsDocument ? !other.IsUnknown && PolicyDocument.IsWithin(spot.Value, other.Value) && spot.By.All(pair => other.By.GetValueOrDefault(pair.Key) == pair.Value)
        : spot.IsWithin(other);

    // What code does not write is the provider's own choice: an address, an id, a default.
    private bool IsWritten(string address, FactRow row)
    {
        if (row.Top is not { } top)
        {
            return true;
        }

        configuration.References(address, top, out var isWritten);
        return isWritten || (CodeAddress.WithoutKeys(address)?.Split('.') is [.., var type, var name] && dynamicBlocks.Contains($"{type}.{name}.{top}"));
    }

    private void Tag(string action, string type, JsonObject change)
    {
        if (action == "delete" || TagKeys.Of(type, change) is not { } keys)
        {
            return;
        }

        facts = facts with { Taggable = facts.Taggable + 1 };
        var own = keys.Where(key => key.Length <= MostTag);
        tags = tags is null ? [.. own] : [.. tags.Intersect(own)];
    }

    private void Price(string action, string type, JsonObject change)
    {
        var before = action == "create" ? 0m : Prices.Shipped.Monthly(type, change["before"] as JsonObject);
        var after = action == "delete" ? 0m : Prices.Shipped.Monthly(type, change["after"] as JsonObject);
        if (before is { } then && after is { } now)
        {
            cost = (cost ?? 0) + now - then;
        }
        else
        {
            facts = facts with { CostUnknown = facts.CostUnknown + 1 };
        }
    }

    private static int Count(bool truth) => truth ? 1 : 0;
}
