namespace McpInfra.Tools.Plans.State;

/// <summary>How much state is read, and how long a backend may take.</summary>
public sealed record StateLimits
{
    /// <summary>Bytes of one state; a larger one is refused before it is read where its size is told.</summary>
    public int Bytes { get; init; } = 200 << 20;

    /// <summary>Wall time of one read, retries included.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Time without a byte after which a backend counts as silent.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The refusal of a state that is too large.</summary>
    public StateException TooLarge => new($"The stack's state is larger than {Bytes >> 20} MB, which is more than is read. Split the stack, so that each part keeps a state of its own.");
}
