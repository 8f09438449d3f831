namespace McpInfra.Graph.Store;

/// <summary>One resource out of what several sources say of it: a cloud's word wins over a state's, which fills what the cloud leaves open.</summary>
internal static class Merge
{
    private static readonly string[] EnvironmentTags = ["environment", "env", "stage"];
    private static readonly string[] OwnerTags = ["owner", "team"];

    /// <param name="views">At least one, the most trusted first.</param>
    public static Resource Of(IReadOnlyList<Resource> views)
    {
        var first = views[0];
        if (views.Count == 1)
        {
            return first;
        }

        return first with
        {
            Account = views.Select(view => view.Account).FirstOrDefault(value => value is not null),
            Region = views.Select(view => view.Region).FirstOrDefault(value => value is not null),
            Status = views.Select(view => view.Status).FirstOrDefault(value => value is not null),
            Environment = views.Select(view => view.Environment).FirstOrDefault(value => value is not null),
            Tags = views.Select(view => view.Tags).FirstOrDefault(tags => tags.Count > 0) ?? first.Tags,
            Configuration = views.Select(view => view.Configuration).FirstOrDefault(facts => facts.Count > 0) ?? first.Configuration,
            Aliases = [.. views.SelectMany(view => view.Aliases.Append(view.Id)).Distinct().Where(alias => alias != first.Id)],
        };
    }

    /// <summary>The resource with the environment that its tags or else its source give it.</summary>
    public static Resource Placed(Resource resource, string? sourceEnvironment) =>
        Storable(resource) with { Environment = Tag(resource, EnvironmentTags) ?? resource.Environment ?? sourceEnvironment };

    /// <summary>The resource in letters that every store holds.</summary>
    private static Resource Storable(Resource resource) => resource with
    {
        Id = Bounded.Letters(resource.Id),
        Type = Bounded.Text(Bounded.Letters(resource.Type)),
        Name = Bounded.Letters(resource.Name),
        Account = Place(resource.Account),
        Region = Place(resource.Region),
        Status = Place(resource.Status),
        Tags = resource.Tags.All(tag => (object)Bounded.Letters(tag.Key) == tag.Key && (object)Bounded.Letters(tag.Value) == tag.Value)
            ? resource.Tags
            : resource.Tags.DistinctBy(tag => Bounded.Letters(tag.Key)).ToDictionary(tag => Bounded.Letters(tag.Key), tag => Bounded.Letters(tag.Value)),
        Aliases = resource.Aliases.All(alias => (object)Bounded.Letters(alias) == alias) ? resource.Aliases : [.. resource.Aliases.Select(Bounded.Letters)],
    };

    private static string? Place(string? text) => text is null ? null : Bounded.Text(Bounded.Letters(text));

    public static string? Owner(Resource resource) => Tag(resource, OwnerTags);

    private static string? Tag(Resource resource, string[] keys) =>
        keys.Select(key => resource.Tags.FirstOrDefault(tag => tag.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
}
