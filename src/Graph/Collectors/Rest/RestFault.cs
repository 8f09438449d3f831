namespace McpInfra.Graph.Collectors.Rest;

/// <summary>Kinds of failure that are mended in different ways.</summary>
internal enum RestFault
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
}
