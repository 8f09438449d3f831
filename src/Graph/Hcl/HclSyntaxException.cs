namespace McpInfra.Graph.Hcl;

/// <summary>Leaves the reader at the one place where a file stops being readable; never leaves <see cref="HclReader"/>.</summary>
internal sealed class HclSyntaxException(int offset, string message) : Exception(message)
{
    /// <summary>Where, as an offset into the text.</summary>
    public int Offset { get; } = offset;
}
