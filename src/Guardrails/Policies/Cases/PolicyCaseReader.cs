using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Cedar;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Manifests;
using McpInfra.Guardrails.Policies.World;
using Fault = McpInfra.Guardrails.Manifests.Fault;

namespace McpInfra.Guardrails.Policies.Cases;

/// <summary>Reads cases from YAML: `defaults` for all of a file, then `cases`.</summary>
/// <param name="organization">The tenant.</param>
/// <param name="agents">Agent types by name.</param>
/// <param name="faults">Gets every fault with file and line.</param>
public sealed class PolicyCaseReader(string organization, IReadOnlyDictionary<string, AgentType> agents, List<Fault> faults)
{
    private static readonly Dictionary<string, string> Expectations = new[] { "allow", "deny", "ask", "warn", "audit" }.ToDictionary(word => word);
    private static readonly Dictionary<string, bool> Truths = new() { ["true"] = true, ["false"] = false };

    /// <summary>The cases of a file.</summary>
    public IReadOnlyList<PolicyCase> Read(string file)
    {
        if (ManifestMap.Read(file, faults) is not { } map)
        {
            return [];
        }

        var defaults = map.Map("defaults");
        var standard = defaults is null ? new Given(null, null, null, null, null, null, null, false, false) : Read(defaults);
        var cases = map.Maps("cases").Select(one => Case(one, standard)).ToList();
        map.Close();
        return cases;
    }

    private PolicyCase Case(ManifestMap map, Given standard)
    {
        var given = Read(map).Over(standard);
        var operation = OperationOf(map, given.Operation ?? "propose_change");
        if (!agents.TryGetValue(given.Agent ?? BuiltInAgents.Default, out var agent))
        {
            map.Fault("agent", $"must be one of {string.Join(", ", agents.Keys)}");
            agent = agents.Values.First();
        }

        var now = given.Now ?? new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
        var session = new Session("test", now);
        if (given.Flagged)
        {
            session.Flag("test");
        }

        var caller = new Caller(organization, given.Person, agent, session, null, given.Enforced);
        var call = new Call("", caller, operation, given, Arguments(operation, given.Arguments), Targets(operation, given), Structured: false);
        return new(map.File, map.LineOf("name"), map.Text("name", required: true) ?? "", call, now, map.Choice("expect", Expectations, "allow", required: true), map.Text("rule"), map.Number("people", 0, 20, 0) is > 0 and var people ? people : null);
    }

    private static Given Read(ManifestMap map) => new(
        map.Text("agent"), map.Text("operation"), map.Text("person"), Time(map), Resource(map.Map("resource")), Plan(map.Map("plan")), map.Map("arguments"),
        map.Choice("flagged", Truths, false), map.Choice("enforced", Truths, false));

    private static DateTimeOffset? Time(ManifestMap map)
    {
        if (map.Text("now") is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        map.Fault("now", "must be a time such as 2026-12-24T10:00:00Z");
        return null;
    }

    private static Target? Resource(ManifestMap? map)
    {
        if (map is null)
        {
            return null;
        }

        var tags = map.Map("tags");
        return new Target
        {
            Id = map.Text("id") ?? "test",
            Type = map.Text("type") ?? "",
            Environment = map.Text("environment"),
            Account = map.Text("account"),
            Region = map.Text("region"),
            Owner = map.Text("owner"),
            Repository = map.Text("repository"),
            Managed = map.Choice("managed", Truths, false),
            Tags = tags is null ? new Dictionary<string, string>() : tags.Keys.ToDictionary(key => key, key => tags.Text(key) ?? ""),
        };
    }

    private static PlanFacts? Plan(ManifestMap? map)
    {
        return map is null ? null : new PlanFacts
        {
            Creates = Count("creates"), Updates = Count("updates"), Replaces = Count("replaces"), Deletes = Count("deletes"), Forgets = Count("forgets"),
            Types = map.Texts("types") ?? [], StatefulDeletes = Count("statefulDeletes"), StatefulReplaces = Count("statefulReplaces"),
            PublicExposure = Count("publicExposure"), PermissionsWidened = Count("permissionsWidened"), EncryptionRemoved = Count("encryptionRemoved"),
            Taggable = Count("taggable"), TagsOnEvery = map.Texts("tagsOnEvery") ?? [], Impact = Count("impact"), ImpactUnknown = Count("impactUnknown"),
            CostDelta = Cost(), CostUnknown = Count("costUnknown"),
        };

        int Count(string key) => map.Number(key, 0, int.MaxValue, 0);

        decimal? Cost()
        {
            if (map.Text("costDelta") is not { } text)
            {
                return null;
            }

            if (decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var cost))
            {
                return cost;
            }

            map.Fault("costDelta", "must be a number of dollars");
            return null;
        }
    }

    private static Operation OperationOf(ManifestMap map, string name)
    {
        var action = WorldSchema.Schema.ActionEntities.Find(new EntityUid("Action", name));
        var tier = action?.Parents.Select(group => AgentManifest.Tiers.TryGetValue(group.Id, out var found) ? (Tier?)found : null).FirstOrDefault();
        if (tier is null)
        {
            map.Fault("operation", "is not an operation of manifests/schema/infra.cedarschema");
        }

        return new Operation
        {
            Kind = OperationKind.Tool, Name = name, Tier = tier ?? Tier.Observe, Description = "", Schema = JsonSerializer.SerializeToElement(new { }),
            Bind = _ => throw new NotSupportedException("A case is not run."), Run = (_, _) => throw new NotSupportedException("A case is not run."),
        };
    }

    private static JsonElement Arguments(Operation operation, ManifestMap? given)
    {
        var arguments = operation.Tier is Tier.Draft ? new JsonObject { ["plan"] = "plan_test", ["title"] = "", ["reason"] = "", ["proposal"] = "", ["note"] = "" } : [];
        foreach (var key in given?.Keys ?? [])
        {
            arguments[key] = given!.Text(key);
        }

        return JsonSerializer.SerializeToElement(arguments);
    }

    private static IReadOnlyList<Target> Targets(Operation operation, Given given)
    {
        var type = operation.Name switch { "propose_change" or "revise_proposal" => "plan", "plan_change" or "detect_drift" => "stack", "read_repository" => "repository", _ => null };
        var target = given.Resource ?? new Target { Id = "test", Type = "" };
        return type is null && target is { Id: "test", Type: "", Environment: null, Account: null, Repository: null } ? []
            : [target with { Type = type ?? (target.Type.Length > 0 ? target.Type : "resource"), Plan = type == "plan" ? given.Plan ?? new PlanFacts() : null }];
    }

    private sealed record Given(string? Agent, string? Operation, string? Person, DateTimeOffset? Now, Target? Resource, PlanFacts? Plan, ManifestMap? Arguments, bool Flagged, bool Enforced)
    {
        public Given Over(Given standard) => new(
            Agent ?? standard.Agent, Operation ?? standard.Operation, Person ?? standard.Person, Now ?? standard.Now, Resource ?? standard.Resource, Plan ?? standard.Plan,
            Arguments ?? standard.Arguments, Flagged || standard.Flagged, Enforced || standard.Enforced);
    }
}
