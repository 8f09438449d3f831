namespace McpInfra.Attacks.HostileRepositories;

/// <summary>What stops an attack, in the order in which an attack meets it.</summary>
public enum Layer
{
    /// <summary>Edits reach only what they may change, and links of the tree lead nowhere.</summary>
    Edit,

    /// <summary>The code is read before it runs.</summary>
    Code,

    /// <summary>Repositories are read as objects; nothing that git would run for a working tree is run.</summary>
    Git,

    /// <summary>The state is read by us and carries tokens in place of secrets.</summary>
    State,

    /// <summary>What runs sees nothing of the host, and ends with its limits.</summary>
    Cage,

    /// <summary>The only way out leads to listed endpoints.</summary>
    Proxy,

    /// <summary>Results come back over one capped pipe.</summary>
    Pipe,
}
