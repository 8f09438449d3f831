using McpInfra.Guardrails.Injection.Reactions;
using McpInfra.Guardrails.Manifests;

namespace McpInfra.Guardrails.Agents;

/// <summary>Reads agent types from a folder of YAML manifests. A fault in any of them is reported with its line; none is ever skipped.</summary>
public static class AgentManifest
{
    /// <summary>Tiers by the names that manifests use.</summary>
    public static IReadOnlyDictionary<string, Tier> Tiers { get; } = Enum.GetValues<Tier>().ToDictionary(tier => tier.ToString().ToLowerInvariant());

    /// <summary>Consequences of a detection by the names that manifests use.</summary>
    public static IReadOnlyDictionary<string, Consequence> Consequences { get; } = Enum.GetValues<Consequence>().ToDictionary(consequence => consequence.ToString().ToLowerInvariant());

    // Arguments are never rewritten.
    private static readonly IReadOnlyDictionary<string, Consequence> OfArguments = Consequences.Where(consequence => consequence.Value is not Consequence.Withhold).ToDictionary();

    /// <summary>The built-in types, overridden by name by those in the folder.</summary>
    public static IReadOnlyDictionary<string, AgentType> ReadFolder(string folder, List<Fault> faults)
    {
        var types = new Dictionary<string, AgentType>(BuiltInAgents.All);
        if (!Directory.Exists(folder))
        {
            faults.Add(new Fault(folder, 0, "there is no such folder of agent types"));
            return types;
        }

        var named = new HashSet<string>();
        foreach (var file in Files(folder))
        {
            if (Read(file, faults) is { } type)
            {
                if (!named.Add(type.Name))
                {
                    faults.Add(new Fault(file, 1, $"the agent type {type.Name} is defined twice"));
                }

                types[type.Name] = type;
            }
        }

        return types;
    }

    /// <summary>The manifests of a folder in a fixed order.</summary>
    public static IReadOnlyList<string> Files(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".yaml" or ".yml").Order(StringComparer.Ordinal)];

    private static AgentType? Read(string file, List<Fault> faults)
    {
        var before = faults.Count;
        if (ManifestMap.Read(file, faults) is not { } map)
        {
            return null;
        }

        var type = new AgentType
        {
            Name = Name(map),
            Tier = map.Choice("tier", Tiers, Tier.Observe, required: true),
            Allow = map.Texts("allow", required: true) ?? [],
            Deny = map.Texts("deny") ?? [],
            Budgets = ReadBudgets(map.Map("budgets")),
            Approvals = [.. map.Maps("approvals").Select(ReadApproval)],
            Detection = ReadDetection(map.Map("detection")),
            Links = ReadLinks(map),
            Repositories = map.Texts("repositories"),
        };
        map.Close();
        return faults.Count == before ? type : null;
    }

    private static string Name(ManifestMap map)
    {
        var name = map.Text("agent", required: true) ?? "";
        if (name.Length > 0 && (name.Length > 40 || !name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-') || name[0] == '-'))
        {
            map.Fault("agent", "must be lower-case letters, digits and hyphens, at most 40");
        }

        return name;
    }

    private static Budgets.Budgets ReadBudgets(ManifestMap? map)
    {
        var standard = new Budgets.Budgets();
        return map is null ? standard : new Budgets.Budgets(
            map.Number("calls", 0, int.MaxValue, standard.Calls),
            map.Number("callsPerMinute", 0, int.MaxValue, standard.CallsPerMinute),
            map.Number("plans", 0, int.MaxValue, standard.Plans),
            map.Number("proposals", 0, int.MaxValue, standard.Proposals),
            map.Number("minutes", 0, int.MaxValue, standard.Minutes),
            map.Number("outputTokens", 0, int.MaxValue, (int)standard.OutputTokens),
            map.Number("credentials", 0, int.MaxValue, standard.Credentials));
    }

    private static ApprovalRule ReadApproval(ManifestMap map) =>
        new(map.Text("operation", required: true) ?? "*", map.Text("environment"), map.Number("people", 1, 20, 1));

    private static DetectionPolicy ReadDetection(ManifestMap? map)
    {
        var standard = new DetectionPolicy();
        return map is null ? standard : new DetectionPolicy
        {
            Own = ReadReaction(map, "own", standard.Own),
            Tenant = ReadReaction(map, "tenant", standard.Tenant),
            Stranger = ReadReaction(map, "stranger", standard.Stranger),
            Arguments = ReadReaction(map, "arguments", standard.Arguments, OfArguments),
        };
    }

    private static Reaction ReadReaction(ManifestMap of, string trust, Reaction standard, IReadOnlyDictionary<string, Consequence>? allowed = null)
    {
        if (of.Map(trust) is not { } map)
        {
            return standard;
        }

        var reaction = new Reaction(map.Choice("flagged", allowed ?? Consequences, standard.Flagged), map.Choice("high", allowed ?? Consequences, standard.High));
        if (reaction.High < reaction.Flagged)
        {
            map.Fault("high", "must not be less than what follows for a flagged text");
        }

        return reaction;
    }

    private static IReadOnlyList<string> ReadLinks(ManifestMap map)
    {
        var hosts = map.Texts("links") ?? [];
        if (!hosts.All(host => Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) is UriHostNameType.Dns or UriHostNameType.IPv4))
        {
            map.Fault("links", "must be names of hosts, or *. and a name");
        }

        return hosts;
    }
}
