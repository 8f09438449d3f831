namespace McpInfra.Graph.Snapshot;

/// <summary>Parts of a snapshot file. Ordinals number the live resources in the order of account, region, type, name and id.</summary>
internal enum SnapshotSection
{
    /// <summary>The record's number of each resource: long by ordinal.</summary>
    Nodes,

    /// <summary>Ordinals in the order of <see cref="Nodes"/>.</summary>
    ByNode,

    /// <summary>Place of each resource in the order that answers list: type, name, id.</summary>
    Ranks,

    /// <summary>Ordinals in that order.</summary>
    ByRank,

    /// <summary>Where each type begins in that order, and the end.</summary>
    TypeRanks,

    /// <summary><see cref="SnapshotRun"/>s, which share account, region and type.</summary>
    Runs,

    /// <summary>Names of accounts; likewise the three that follow.</summary>
    Accounts,

    Regions,

    Types,

    Providers,

    /// <summary>Ids by ordinal, as <see cref="FrontCoded"/> text.</summary>
    Ids,

    /// <summary>Names by ordinal, likewise.</summary>
    Names,

    /// <summary>Where each resource's users begin, and the end.</summary>
    UserStarts,

    /// <summary>Users: <see cref="Edge"/>s.</summary>
    Users,

    /// <summary>Where what each resource uses begins, and the end.</summary>
    UsedStarts,

    /// <summary>What is used: <see cref="Edge"/>s.</summary>
    Used,

    /// <summary>Names of facets: environment, managed, findings, changed, tag:KEY.</summary>
    Facets,

    /// <summary>Where each facet's values begin, and the end.</summary>
    FacetStarts,

    /// <summary>Values of facets, those of one facet in the order of <see cref="FacetIndex.Order"/>.</summary>
    Values,

    /// <summary>Tag keys of so many values that the record's index serves them better.</summary>
    Unindexed,

    /// <summary>Where each value's containers begin, and the end.</summary>
    ContainerStarts,

    /// <summary><see cref="PostingContainer"/>s.</summary>
    Containers,

    /// <summary>The lower halves of ordinals of small containers.</summary>
    Arrays,

    /// <summary>Bits of large containers.</summary>
    Bitmaps,
}
