namespace McpInfra.Graph.Collectors;

/// <summary>How far the listings of a source had come when the scan before was cut.</summary>
public sealed class Unfinished
{
    private readonly IReadOnlyDictionary<string, KeptPlace> places;

    internal Unfinished(IReadOnlyDictionary<string, KeptPlace> places) => this.places = places;

    /// <summary>The scan before ended.</summary>
    public static Unfinished Nothing { get; } = new(new Dictionary<string, KeptPlace>());

    internal KeptPlace? Of(string listing) => places.GetValueOrDefault(listing);
}
