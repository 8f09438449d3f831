namespace McpInfra.Graph.Collectors;

/// <summary>What kept a cloud from answering, by kind and code; never with a word of what the service wrote.</summary>
internal abstract class CloudException(CloudFault fault, string code, Exception? inner) : Exception($"{fault} {code}", inner)
{
    public CloudFault Fault { get; } = fault;

    /// <summary>The service's error code, or our own words.</summary>
    public string Code { get; } = code;
}
