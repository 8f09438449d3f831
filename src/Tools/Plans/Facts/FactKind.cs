namespace McpInfra.Tools.Plans.Facts;

/// <summary>What a row of a table speaks of.</summary>
internal enum FactKind
{
    /// <summary>Holds what cannot be made anew.</summary>
    Stateful,

    /// <summary>Anybody can reach it.</summary>
    Public,

    /// <summary>It lets somebody do something.</summary>
    Grant,

    /// <summary>What it keeps or carries is encrypted.</summary>
    Encrypt,
}
