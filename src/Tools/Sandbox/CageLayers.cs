namespace McpInfra.Tools.Sandbox;

/// <summary>What a cage is made of. All of it is on; one is left out only to show that the others hold without it.</summary>
[Flags]
public enum CageLayers
{
    /// <summary>No layer.</summary>
    None = 0,

    /// <summary>The system call filter.</summary>
    Filter = 1,

    /// <summary>A network of its own.</summary>
    Network = 2,

    /// <summary>Processes of its own.</summary>
    Processes = 4,

    /// <summary>A user of its own, where the server is root.</summary>
    User = 8,
}
