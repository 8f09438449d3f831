using System.Text.Json.Nodes;
using McpInfra.Graph.Drift;
using McpInfra.Graph.Queries;

namespace McpInfra.Tools.Resources;

/// <summary>How a resource differs from what a state says of it, as lines and as structured content. Names of attributes are ours, those of tags and all values are tenants'.</summary>
internal static class DriftSection
{
    public static Section Of(ResourceDetails details, Width width) => details.Drift switch
    {
        null or { Reason: not null } when !details.Row.IsManaged || details.Drift is null => new("## Drift", "", []),
        { Reason: { } reason } => new("## Drift", "why nothing was compared", [$"nothing was compared: {reason}"]),
        var drift => new($"## Drift ({drift.Drifted.Count} of {drift.Drifted.Count + drift.Alike.Count} compared attributes)", "attributes as a state and as the cloud tell them", [.. Told(drift, width)]),
    };

    public static JsonNode? Structured(ResourceDrift? drift) => drift is null ? null : new JsonObject
    {
        ["drifted"] = new JsonArray([.. drift.Drifted.Select(one => (JsonNode)new JsonObject { ["attribute"] = one.Attribute, ["state"] = one.State, ["cloud"] = one.Cloud })]),
        ["alike"] = new JsonArray([.. drift.Alike.Select(name => (JsonNode)name)]),
        ["notComparable"] = new JsonArray([.. drift.NotComparable.Select(one => (JsonNode)new JsonObject { ["attribute"] = one.Attribute, ["reason"] = one.Reason })]),
        ["reason"] = drift.Reason,
    };

    // Each value stands behind its own name, so that what redacts by names sees both.
    private static IEnumerable<string> Told(ResourceDrift drift, Width width) =>
    [
        .. drift.Drifted.SelectMany(one => width.Of($"state {Lines.Flat(one.Attribute)}: ", one.State).Concat(width.Of($"cloud {Lines.Flat(one.Attribute)}: ", one.Cloud))),
        .. drift.Alike.Count > 0 ? width.Of("alike: ", string.Join(", ", drift.Alike)) : [],
        .. drift.NotComparable.GroupBy(one => one.Reason).SelectMany(reason => width.Of($"not compared ({Lines.Flat(reason.Key)}): ", string.Join(", ", reason.Select(one => one.Attribute)))),
    ];
}
