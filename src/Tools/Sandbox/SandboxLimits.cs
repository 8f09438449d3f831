namespace McpInfra.Tools.Sandbox;

/// <summary>What a cage may use in all.</summary>
public sealed record SandboxLimits
{
    /// <summary>Wall time of everything that runs in it.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Processor time of all its processes together, and of any one.</summary>
    public TimeSpan Processor { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Resident bytes of all its processes together, and of data of any one.</summary>
    public long Memory { get; init; } = 4L << 30;

    /// <summary>Processes and threads.</summary>
    public int Processes { get; init; } = 512;

    /// <summary>Bytes of all files that it writes, and of any one.</summary>
    public long Disk { get; init; } = 1L << 30;

    /// <summary>Open descriptors of any one process.</summary>
    public int Descriptors { get; init; } = 4096;
}
