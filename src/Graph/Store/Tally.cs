namespace McpInfra.Graph.Store;

/// <summary>What a scan did to resources.</summary>
internal sealed class Tally
{
    public int Added { get; set; }

    public int Changed { get; set; }

    public int Gone { get; set; }
}
