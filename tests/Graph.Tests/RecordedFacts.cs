using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Tests.Rest;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Graph.Tests;

/// <summary>
/// Holds recorded objects to what was made of them, value by value: each arrives as what the resource is, as a fact at its own path, as a tag or as a relation, or is left out by
/// a name in `left-out.txt` beside the test: a reason in a line that begins with `#`, then patterns
/// of paths, and types with a `/` in them.
/// </summary>
/// <param name="seen">What the scan saw.</param>
/// <param name="folder">The folder of the test.</param>
internal sealed class RecordedFacts(Observed seen, string folder)
{
    private readonly Dictionary<string, Resource> resources = seen.Resources.GroupBy(resource => resource.Id, StringComparer.OrdinalIgnoreCase).ToDictionary(one => one.Key, one => one.Last(), StringComparer.OrdinalIgnoreCase);
    private readonly ILookup<string, string> related = seen.All.OfType<Observation.Related>().Select(one => one.Relation).SelectMany(one => new[] { (Of: one.From, one.To), (Of: one.To, To: one.From) }).ToLookup(one => one.Of.ToLowerInvariant(), one => one.To);
    private readonly Dictionary<string, (Regex Pattern, int Uses)> leftOut = File.ReadLines(Path.Combine(Repository.Root, "tests", "Graph.Tests", folder, "left-out.txt")).Where(line => line.Length > 0 && line[0] != '#')
        .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(pattern => pattern, pattern => (Like(pattern), 0));
    private readonly SortedDictionary<string, (int Count, string Example)> lost = new(StringComparer.Ordinal);

    /// <summary>Compares one recorded object.</summary>
    public void Compare(string id, JsonElement recorded)
    {
        var resource = resources[id];
        foreach (var (path, value) in Leaves(recorded, "").Where(leaf => !Arrived(resource, leaf.Path, leaf.Value)))
        {
            if (leftOut.Where(one => one.Value.Pattern.IsMatch(one.Key.Contains('/', StringComparison.Ordinal) ? resource.Type : path)).Select(one => one.Key).FirstOrDefault() is { } named)
            {
                leftOut[named] = leftOut[named] with { Uses = leftOut[named].Uses + 1 };
            }
            else
            {
                lost[path] = (lost.TryGetValue(path, out var known) ? known.Count + 1 : 1, $"{resource.Type}: {(value.Length > 40 ? value[..40] : value)}");
            }
        }
    }

    /// <summary>Fails with what was lost, and with names that nothing is left out by.</summary>
    public void Check()
    {
        Assert.True(lost.Count == 0, $"{lost.Count} paths are lost:\n{string.Join('\n', lost.Take(30).Select(one => $"{one.Key} ({one.Value.Count}×, {one.Value.Example})"))}");
        var unused = leftOut.Where(one => one.Value.Uses == 0).Select(one => one.Key).ToList();
        Assert.True(unused.Count == 0, $"Nothing is left out by {string.Join(' ', unused)}.");
    }

    private bool Arrived(Resource resource, string path, string text) =>
        new[] { resource.Id, resource.Name, resource.Type, resource.Account, resource.Region, resource.Status }.Concat(resource.Aliases).Contains(text, StringComparer.OrdinalIgnoreCase)
        || resource.Tags.Any(tag => tag.Value == text && path.EndsWith(tag.Key, StringComparison.Ordinal))
        || related[resource.Id.ToLowerInvariant()].Any(other => text.Equals(other, StringComparison.OrdinalIgnoreCase) || text.StartsWith(other + "/", StringComparison.OrdinalIgnoreCase))
        || resource.Configuration.Any(fact => fact.Key.Equals(path, StringComparison.Ordinal) ? Holds(fact.Value, text) : path.StartsWith(fact.Key + ".", StringComparison.Ordinal) && fact.Value is JsonArray && Holds(fact.Value, text));

    private static bool Holds(JsonNode? node, string text) => node switch
    {
        JsonObject item => item.Any(fact => Holds(fact.Value, text)),
        JsonArray list => list.Any(item => Holds(item, text)),
        null => false,
        _ => node.ToString().Equals(text, StringComparison.OrdinalIgnoreCase),
    };

    private static IEnumerable<(string Path, string Value)> Leaves(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Leaves(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}")),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Leaves(item, path)),
        _ => value.ToString() is { Length: > 0 } text ? [(path, text)] : [],
    };

    // `name` is any member of that name; `*` stands for anything.
    private static Regex Like(string pattern) => new($"(^|\\.){Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
}
