using McpInfra.Graph.Collectors.Documents;

namespace McpInfra.Graph.Collectors;

/// <summary>Something a collector saw.</summary>
public abstract record Observation
{
    private Observation()
    {
    }

    /// <summary>The listing that told it, when it is one that can go on where a scan was cut; else null.</summary>
    public string? Listing { get; init; }

    /// <summary>A listing begins where a scan that was cut had come to, so that what it told there counts, or anew, so that it no longer does.</summary>
    public sealed record Began(bool GoesOn) : Observation;

    /// <summary>Up to here a listing has told whole pages.</summary>
    /// <param name="Token">What it can go on from; null when it has ended.</param>
    /// <param name="Known">What it has to know again then, since it last reached a place.</param>
    public sealed record Reached(string? Token, IReadOnlyList<UInt128> Known) : Observation;

    /// <summary>A resource.</summary>
    public sealed record Seen(Resource Resource) : Observation;

    /// <summary>A relation.</summary>
    public sealed record Related(Relation Relation) : Observation;

    /// <summary>That a state manages a resource.</summary>
    public sealed record ManagedBy(Managed Managed) : Observation;

    /// <summary>A finding.</summary>
    public sealed record Found(Finding Finding) : Observation;

    /// <summary>What something cost.</summary>
    public sealed record Charged(Charge Charge) : Observation;

    /// <summary>A document.</summary>
    public sealed record Wrote(Document Document) : Observation;

    /// <summary>An entity of a catalogue at a path of the source's repository.</summary>
    public sealed record Cataloged(string Path, CatalogEntity Entity) : Observation;

    /// <summary>A fact of the source itself, such as a state's lineage and serial.</summary>
    public sealed record Fact(string Name, string Value) : Observation;

    /// <summary>A listing of a scope (account × region × type) ended complete: what it did not name is gone.</summary>
    /// <param name="Account">Account, or null when the listing spans all of the source's.</param>
    /// <param name="Region">Region, or null when the listing spans all of the source's, as for buckets and roles.</param>
    /// <param name="Type">Resource type, or `*` when the whole source, or all of the account, was read.</param>
    public sealed record Complete(string? Account, string? Region, string Type) : Observation
    {
        /// <summary>Types, or paths of documents, that are not part of it, when its type is `*`.</summary>
        public IReadOnlyList<string> Except { get; init; } = [];
    }

    /// <summary>One service failed and the rest goes on; what was known of the scope stays, marked stale.</summary>
    /// <param name="Region">Region, or null.</param>
    /// <param name="Service">Service.</param>
    /// <param name="Type">Resource type whose listing is incomplete.</param>
    /// <param name="Message">What was wrong and what mends it, without any secret.</param>
    public sealed record Failed(string? Region, string Service, string Type, string Message) : Observation
    {
        /// <summary>Account, or null when all of the source's are stale.</summary>
        public string? Account { get; init; }
    }
}
