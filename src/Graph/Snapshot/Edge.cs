namespace McpInfra.Graph.Snapshot;

/// <summary>A relation as its two ends list it: its type in the upper four bits, the other end's ordinal below; sorted, a list is grouped by type.</summary>
internal static class Edge
{
    /// <summary>The most resources that a snapshot holds.</summary>
    public const int MostOrdinals = 1 << 28;

    /// <summary>The most edges between two resources: of each type, both ways.</summary>
    public const int MostBetweenTwo = 32;

    /// <summary>Every type.</summary>
    public const uint AnyType = 0xFFFF;

    public static uint Of(RelationType type, int other) => ((uint)type << 28) | (uint)other;

    public static int Other(uint edge) => (int)(edge & (MostOrdinals - 1));

    public static RelationType Type(uint edge) => (RelationType)(edge >> 28);

    public static bool IsOf(uint edge, uint types) => ((types >> (int)(edge >> 28)) & 1) != 0;

    public static uint Types(IReadOnlySet<RelationType>? types) => types is null ? AnyType : types.Aggregate(0u, (all, type) => all | (1u << (int)type));
}
