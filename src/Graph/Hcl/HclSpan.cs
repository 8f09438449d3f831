namespace McpInfra.Graph.Hcl;

/// <summary>Where something stands in its file.</summary>
/// <param name="Line">First line, from 1.</param>
/// <param name="EndLine">Last line, inclusive.</param>
/// <param name="Start">First UTF-16 offset into the file's text; in a JSON file, into the template string's own text.</param>
/// <param name="End">Offset after the last.</param>
public readonly record struct HclSpan(int Line, int EndLine, int Start, int End);
