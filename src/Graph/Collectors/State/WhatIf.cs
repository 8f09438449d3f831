using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Graph.Collectors.Rest;
using McpInfra.Graph.Drift;

namespace McpInfra.Graph.Collectors.State;

/// <summary>
/// What `az deployment … what-if -o json` found, as somebody ran it and kept it: the cloud's present beside what the template would make of it, property by property. We run none.
/// Where the template is the one that was deployed, that is drift.
/// </summary>
internal sealed class WhatIf
{
    private const int MostRows = 500;
    private const int MostDepth = 16;

    private static readonly KeptValues Values = new(KeptFacts.Of("Azure"));

    private readonly Dictionary<string, List<(string Property, string? Template, string? Cloud)>> found = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a file is one.</summary>
    public static bool Is(JsonElement root) => Changes(root).ValueKind is JsonValueKind.Array;

    /// <summary>Takes in a file; of two that tell of one resource the first counts.</summary>
    public void Add(JsonElement root)
    {
        foreach (var change in Changes(root).EnumerateArray())
        {
            if (change.Text("resourceId") is { } id && found.TryAdd(id, []) && change.Text("changeType") is { } kind)
            {
                found[id].AddRange(kind switch
                {
                    "Create" => [("resource", "present", "missing")],
                    "Modify" => change.Items("delta").SelectMany(delta => Rows(delta, "", MostDepth)).Take(MostRows),
                    _ => [],
                });
            }
        }
    }

    /// <summary>Rows of <see cref="StackDrift.Fact"/> for the resources of a deployment, in order, so many at most.</summary>
    /// <param name="resources">Their ids, with what the deployment calls them.</param>
    public JsonArray Of(IEnumerable<(string Id, string Name)> resources) =>
    [
        .. resources.SelectMany(resource => (found.GetValueOrDefault(resource.Id) ?? []).Select(row => (resource.Name, Row: row)))
            .OrderBy(one => one.Name, StringComparer.Ordinal).ThenBy(one => one.Row.Property, StringComparer.Ordinal).Take(MostRows)
            .Select(one => StackDrift.Row(one.Name, one.Row.Property, one.Row.Template, one.Row.Cloud)),
    ];

    private static JsonElement Changes(JsonElement root) => root.Child("changes") ?? root.Child("properties")?.Child("changes") ?? default;

    // Of a list the elements that differ stand below it, under their numbers. What has no effect is the cloud's own.
    private static IEnumerable<(string Property, string? Template, string? Cloud)> Rows(JsonElement delta, string above, int levels)
    {
        var path = above.Length == 0 ? delta.Text("path") ?? "" : $"{above}.{delta.Text("path")}";
        var inner = delta.Items("children").ToList();
        return delta.Text("path") is null || delta.Text("propertyChangeType") is "NoEffect" || levels == 0 ? []
            : inner.Count > 0 ? inner.SelectMany(child => Rows(child, path, levels - 1))
            : [(path.Length > 400 ? path[..400] : path, Value(path, delta.Child("after")), Value(path, delta.Child("before")))];
    }

    private static string? Value(string path, JsonElement? value) =>
        Values.Of(path.Split('.'), value is { } told ? told.ValueKind is JsonValueKind.String ? told.GetString() : told.GetRawText() : null);
}
