namespace McpInfra.Graph.Collectors;

/// <summary>Relations whose ends the provider named; none where it named none.</summary>
internal static class Relate
{
    public static IEnumerable<Observation> One(string? from, RelationType type, string? to) =>
        from is { Length: > 0 } && to is { Length: > 0 } ? [new Observation.Related(new Relation(from, type, to))] : [];

    public static IEnumerable<Observation> To(string from, RelationType type, IEnumerable<string?>? to) =>
        (to ?? []).SelectMany(t => One(from, type, t));

    public static IEnumerable<Observation> From(IEnumerable<string?>? from, RelationType type, string to) =>
        (from ?? []).SelectMany(f => One(f, type, to));
}
