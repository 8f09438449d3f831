namespace McpInfra.Graph.Collectors.Aws;

/// <summary>How far a scan of AWS goes before it gives up; the defaults suit an account of a hundred thousand resources.</summary>
public sealed record AwsLimits
{
    /// <summary>Times a throttled or failing request is sent again.</summary>
    public int Retries { get; init; } = 6;

    /// <summary>Times a request is sent again when no answer came at all.</summary>
    public int RetriesWithoutAnswer { get; init; } = 2;

    /// <summary>One sending of a request, with the reading of its answer.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The first pause before a retry; each further one is twice as long, with jitter.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest pause before a retry, also when the service asks for a longer one.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The whole listing of one type in one region.</summary>
    public TimeSpan Listing { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Bytes of one answer.</summary>
    public int AnswerBytes { get; init; } = 64 << 20;

    /// <summary>Bytes of one error answer that are looked at.</summary>
    public int ErrorBytes { get; init; } = 64 << 10;

    /// <summary>Pages of one listing.</summary>
    public int Pages { get; init; } = 10_000;

    /// <summary>Requests under way at once.</summary>
    public int Requests { get; init; } = 16;

    /// <summary>Regions read side by side.</summary>
    public int Regions { get; init; } = 4;
}
