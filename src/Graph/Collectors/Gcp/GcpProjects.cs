using System.Text.Json;
using System.Text.RegularExpressions;

namespace McpInfra.Graph.Collectors.Gcp;

/// <summary>Ids of projects by their numbers: most names hold the one, some the other.</summary>
internal sealed partial class GcpProjects
{
    private readonly Dictionary<string, string> ids = new(StringComparer.Ordinal);

    public IEnumerable<string> Ids => ids.Values.Distinct();

    /// <summary>Notes a project as a search answers it.</summary>
    public void Note(JsonElement project)
    {
        if (project.Text("project") is { } number && project.Text("name") is { } name)
        {
            ids[number["projects/".Length..]] = name[(name.LastIndexOf('/') + 1)..];
        }
    }

    /// <summary>The account of an asset: its project's id, else the folder or organisation that holds it.</summary>
    public string? AccountOf(string name, IEnumerable<string?> ancestors)
    {
        var holder = ancestors.FirstOrDefault(ancestor => ancestor is { Length: > 0 }) ?? (InName().Match(name) is { Success: true } match ? match.Value[1..] : null);
        return holder is null || !holder.StartsWith("projects/", StringComparison.Ordinal) ? holder : ids.GetValueOrDefault(holder["projects/".Length..]) ?? holder["projects/".Length..];
    }

    /// <summary>The number of a project's id, where it is known.</summary>
    public string? NumberOf(string id) => ids.FirstOrDefault(pair => pair.Value == id).Key;

    [GeneratedRegex(@"/projects/[^/]+")]
    private static partial Regex InName();
}
