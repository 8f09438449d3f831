namespace McpInfra.Tools.Sandbox;

/// <summary>What a cage may use in all.</summary>
public sealed record SandboxLimits
{
    /// <summary>Processes and threads that our own runner may have beside those of what it runs, so that no crowd of them can starve it.</summary>
    internal const int OfRunner = 64;

    // Terraform plans and shows a state at 1.6 s of a processor a megabyte, and another machine may take twice that.
    private static readonly TimeSpan ProcessorOfByte = TimeSpan.FromSeconds(4.0 / (1 << 20));
    private static readonly TimeSpan TimeOfByte = ProcessorOfByte * 2;

    // Two runs go at once beside the server.
    private static readonly long OfMachine = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 3, 4L << 30, 16L << 30);

    /// <summary>Wall time of everything that runs in it.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Processor time of all its processes together, and of any one.</summary>
    public TimeSpan Processor { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Resident bytes of all its processes together; any one may reserve half as much again.</summary>
    public long Memory { get; init; } = OfMachine;

    /// <summary>Processes and threads.</summary>
    public int Processes { get; init; } = 512;

    /// <summary>Bytes of all files that it writes, and of any one.</summary>
    public long Disk { get; init; } = 1L << 30;

    /// <summary>Open descriptors of any one process.</summary>
    public int Descriptors { get; init; } = 4096;

    /// <summary>The same with as much more time as an engine needs for a state of that many bytes.</summary>
    public SandboxLimits For(long state) => this with { Time = Time + (state * TimeOfByte), Processor = Processor + (state * ProcessorOfByte) };

    /// <summary>Which of its limits a run has passed, in words that end a sentence; null when none.</summary>
    internal string? Passed(TimeSpan time, TimeSpan processor, long memory) =>
        time > Time ? Over($"took longer than {Time.TotalSeconds:0} s", "minutes")
        : processor > Processor ? Over($"used more than {Processor.TotalSeconds:0} s of processor time", "minutes")
        : memory > Memory ? Over($"used more than {Memory >> 20} MB of memory", "memory_gb")
        : null;

    private static string Over(string what, string setting) => $"it {what}, and no run may have more; split the stack, so that each part plans less, or set engines.terraform.{setting} in mcp-infra.yaml";
}
