using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Graph.Collectors.State;

/// <summary>Rules of security groups as lines, `tcp 443 10.0.0.0/8`, as the cloud's are told: from the group itself, and from resources that are one rule each.</summary>
internal static class SecurityRules
{
    private const int MostRules = 500;

    private static readonly string[] Peers = ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups", "cidr_ipv4", "cidr_ipv6", "prefix_list_id", "source_security_group_id", "referenced_security_group_id"];

    /// <summary>Of the group's own blocks; null when there are too many to tell.</summary>
    public static JsonArray? Inline(StateInstance group, JsonElement blocks) =>
        blocks.ValueKind is JsonValueKind.Array && blocks.EnumerateArray().SelectMany(block => Of(block, group.Text("id"))).Distinct().Take(MostRules + 1).ToList() is { Count: <= MostRules } rules ? Facts.List(rules) : null;

    /// <summary>Adds the rule that a resource of its own is, where the group's rules are known.</summary>
    public static void Add(StateInstance part, JsonObject group)
    {
        var direction = part.Type.Contains("egress", StringComparison.Ordinal) || part.Text("type") == "egress" ? "egress" : "ingress";
        if (group[direction] is JsonArray known && known.Count < MostRules)
        {
            group[direction] = Facts.List(known.Select(rule => rule?.ToString()).Concat(Of(part.Attributes, part.Text("security_group_id"))).Distinct());
        }
    }

    private static IEnumerable<string> Of(JsonElement rule, string? group)
    {
        var ports = Ports(rule);
        var itself = rule.ValueKind is JsonValueKind.Object && rule.TryGetProperty("self", out var self) && self.ValueKind is JsonValueKind.True ? group : null;
        return Peers.SelectMany(name => Texts(rule, name)).Append(itself).OfType<string>().Select(peer => $"{ports} {peer[(peer.IndexOf("/sg-", StringComparison.Ordinal) + 1)..]}"); // Another account's group has that before it.
    }

    private static string Ports(JsonElement rule)
    {
        var protocol = Texts(rule, "protocol").Concat(Texts(rule, "ip_protocol")).FirstOrDefault() switch { "6" => "tcp", "17" => "udp", "1" => "icmp", "58" => "icmpv6", "all" or null => "-1", var name => name };
        return (protocol, Number(rule, "from_port"), Number(rule, "to_port")) switch
        {
            ("-1", _, _) => "all",
            (_, null or -1, _) => protocol,
            (_, var from, var to) when from == to => $"{protocol} {from}",
            (_, var from, var to) => $"{protocol} {from}-{to}",
        };
    }

    private static long? Number(JsonElement rule, string name) =>
        rule.ValueKind is JsonValueKind.Object && rule.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static IEnumerable<string> Texts(JsonElement rule, string name) => rule.ValueKind is not JsonValueKind.Object || !rule.TryGetProperty(name, out var value) ? [] : value.ValueKind switch
    {
        JsonValueKind.String when value.GetString() is { Length: > 0 } text => [text],
        JsonValueKind.Array => value.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.String).Select(item => item.GetString()!),
        _ => [],
    };
}
