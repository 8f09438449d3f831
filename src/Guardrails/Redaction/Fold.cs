namespace McpInfra.Guardrails.Redaction;

/// <summary>A place where one text goes on behind something that only parts its pieces: a line end, or what code writes between strings that it joins.</summary>
/// <param name="End">Where the piece before it ends.</param>
/// <param name="Start">Where the piece behind it starts.</param>
/// <param name="Joins">Whether the language says so: a backslash before the line end, a plus between strings. A mere line end may as well part two things.</param>
internal readonly record struct Fold(int End, int Start, bool Joins);
