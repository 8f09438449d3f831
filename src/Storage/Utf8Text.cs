namespace McpInfra.Storage;

/// <summary>Text of a row that is UTF-8 already, so that it is not made into letters and back.</summary>
/// <param name="Bytes">Well-formed UTF-8 without NUL; not empty.</param>
public readonly record struct Utf8Text(ReadOnlyMemory<byte> Bytes);
