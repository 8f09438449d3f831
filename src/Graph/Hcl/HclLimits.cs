namespace McpInfra.Graph.Hcl;

/// <summary>What the reader is willing to read; beyond it a file is unreadable. Far above what people write.</summary>
public static class HclLimits
{
    /// <summary>Bytes of one file.</summary>
    public const int Bytes = 4 * 1024 * 1024;

    /// <summary>Levels of blocks, brackets and templates within each other.</summary>
    public const int Depth = 100;

    /// <summary>Expressions, attributes and blocks of one file; bounds memory to about 100 times the bytes of a hostile one.</summary>
    public const int Nodes = 400_000;
}
