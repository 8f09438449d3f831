namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Kinds of failure that are mended in different ways.</summary>
internal enum AwsFault
{
    Other,
    Credentials,
    Denied,
    Throttled,
    Missing,
    Unavailable,
    Unreachable,
    Slow,
    TooLarge,
    Garbage,
    Endless,
    Stopped,
}
