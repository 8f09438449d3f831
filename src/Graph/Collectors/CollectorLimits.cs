namespace McpInfra.Graph.Collectors;

/// <summary>How far a scan of a cloud goes before it gives up; the defaults suit a hundred thousand resources an account.</summary>
public sealed record CollectorLimits
{
    /// <summary>Times a throttled or failing request is sent again.</summary>
    public int Retries { get; init; } = 6;

    /// <summary>Times a request is sent again when no answer came at all.</summary>
    public int RetriesWithoutAnswer { get; init; } = 2;

    /// <summary>One sending of a request, with the reading of its answer.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The first pause before a retry; each further one is twice as long, with jitter.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause before a request, also when the service asks for a longer one.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>One whole listing.</summary>
    public TimeSpan Listing { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Bytes of one answer.</summary>
    public int AnswerBytes { get; init; } = 32 << 20;

    /// <summary>Bytes of one error answer that are looked at.</summary>
    public int ErrorBytes { get; init; } = 64 << 10;

    /// <summary>Pages of one listing.</summary>
    public int Pages { get; init; } = 10_000;

    /// <summary>Requests under way at once to one host, or to one AWS account.</summary>
    public int Requests { get; init; } = 4;

    /// <summary>Accounts read side by side.</summary>
    public int Accounts { get; init; } = 4;

    /// <summary>Regions of one account read side by side.</summary>
    public int Regions { get; init; } = 4;
}
