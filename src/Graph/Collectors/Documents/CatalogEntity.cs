namespace McpInfra.Graph.Collectors.Documents;

/// <summary>An entity of a Backstage catalogue.</summary>
/// <param name="Kind">Component, System, API, Resource, …</param>
/// <param name="Name">Its name.</param>
/// <param name="Line">First line of its document.</param>
public sealed record CatalogEntity(string Kind, string Name, int Line)
{
    /// <summary>Name of the group or person, without kind and namespace.</summary>
    public string? Owner { get; init; }

    /// <summary>System it belongs to.</summary>
    public string? System { get; init; }

    /// <summary>service, website, …</summary>
    public string? Type { get; init; }

    /// <summary>production, experimental, …</summary>
    public string? Lifecycle { get; init; }

    /// <summary>What it is.</summary>
    public string? Description { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Entities that it rests on.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>As text that can be searched.</summary>
    public string Text => string.Join('\n', new[]
    {
        $"{Kind} {Name}{(Type is null ? "" : $" ({Type})")}", Description, Owner is null ? null : $"owner: {Owner}", System is null ? null : $"system: {System}", Lifecycle is null ? null : $"lifecycle: {Lifecycle}",
        Tags.Count == 0 ? null : $"tags: {string.Join(", ", Tags)}", DependsOn.Count == 0 ? null : $"depends on: {string.Join(", ", DependsOn)}",
    }.OfType<string>());
}
