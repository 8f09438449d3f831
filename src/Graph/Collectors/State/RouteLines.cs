using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Graph.Collectors.State;

/// <summary>Routes as lines, `0.0.0.0/0 via nat-1`, as the cloud's are told: from the table itself, and from resources that are one route each.</summary>
internal static class RouteLines
{
    private const int MostRoutes = 500;

    private static readonly string[] Destinations = ["cidr_block", "ipv6_cidr_block", "destination_prefix_list_id", "destination_cidr_block", "destination_ipv6_cidr_block"];
    private static readonly string[] Gateways = ["gateway_id", "nat_gateway_id", "transit_gateway_id", "vpc_peering_connection_id", "egress_only_gateway_id", "network_interface_id", "instance_id", "vpc_endpoint_id", "carrier_gateway_id", "local_gateway_id", "core_network_arn"];

    /// <summary>Of the table's own blocks; null when there are too many to tell.</summary>
    public static JsonArray? Inline(JsonElement blocks) =>
        blocks.ValueKind is JsonValueKind.Array && blocks.GetArrayLength() <= MostRoutes ? Facts.List(blocks.EnumerateArray().Select(Of)) : null;

    /// <summary>Adds the route that a resource of its own is, where the table's routes are known.</summary>
    public static void Add(StateInstance part, JsonObject table)
    {
        if (table["route"] is JsonArray known && known.Count < MostRoutes)
        {
            table["route"] = Facts.List(known.Select(route => route?.ToString()).Append(Of(part.Attributes)).Distinct());
        }
    }

    private static string? Of(JsonElement route) => First(route, Destinations) is { } destination && First(route, Gateways) is { } gateway ? $"{destination} via {gateway}" : null;

    private static string? First(JsonElement route, string[] names) => route.ValueKind is JsonValueKind.Object
        ? names.Select(name => route.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null).FirstOrDefault(text => text is not null)
        : null;
}
