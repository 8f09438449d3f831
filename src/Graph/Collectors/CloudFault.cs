namespace McpInfra.Graph.Collectors;

/// <summary>Kinds of failure of a cloud that are mended in different ways.</summary>
internal enum CloudFault
{
    Other,
    Credentials,
    Denied,
    Throttled,
    Missing,
    Expired,
    Unavailable,
    Unreachable,
    Slow,
    TooLarge,
    Garbage,
    Incomplete,
    Endless,
    Stopped,
}
