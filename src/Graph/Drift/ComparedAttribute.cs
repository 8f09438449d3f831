using System.Collections.Frozen;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Graph.Drift;

/// <summary>An attribute that a state and a cloud both tell.</summary>
/// <param name="State">Path of the state's attribute, by which the attribute is called.</param>
/// <param name="Cloud">Path among the cloud's facts.</param>
/// <param name="Form">How both write it.</param>
/// <param name="None">What it means when a side knows that there is none; null when absence tells nothing.</param>
internal sealed record ComparedAttribute(string State, string Cloud, ComparedForm Form, string? None)
{
    private static readonly FrozenDictionary<string, ComparedAttribute[]> ByType = EmbeddedTable.Rows("compared.txt")
        .GroupBy(row => row[0], row => new ComparedAttribute(row[1], row[2], Enum.Parse<ComparedForm>(row[3], ignoreCase: true), row[4] == "-" ? null : row[4]), StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether its values are sets.</summary>
    public bool IsSet => Form is ComparedForm.Set or ComparedForm.Ids or ComparedForm.Names or ComparedForm.Rules or ComparedForm.Routes or ComparedForm.Policy;

    /// <summary>Whether several states can each configure a part of it.</summary>
    public bool IsShared => Form is ComparedForm.Rules or ComparedForm.Routes;

    /// <summary>The attributes of a provider's type; none where it has no mapping.</summary>
    public static IReadOnlyList<ComparedAttribute> Of(string type) => ByType.GetValueOrDefault(type) ?? [];
}
