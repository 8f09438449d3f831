namespace McpInfra.Cedar;

/// <summary>What is wrong with a JSON text, by offset in bytes; turned into a <see cref="Fault"/> where the text is known.</summary>
internal sealed class JsonFault(int offset, string message) : Exception(message)
{
    public int Offset { get; } = offset;
}
