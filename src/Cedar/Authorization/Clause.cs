namespace McpInfra.Cedar;

/// <summary>A part of a policy that is true or false by itself: a part of the scope, or a condition as far as `&amp;&amp;`, `||`, `!` and `if` divide it.</summary>
public sealed record Clause(SourcePosition Position, string Text, ClauseResult Result, string? Error = null);
