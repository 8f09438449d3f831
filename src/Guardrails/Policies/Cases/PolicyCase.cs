namespace McpInfra.Guardrails.Policies.Cases;

/// <summary>A call and what the rules are to decide on it.</summary>
/// <param name="File">Where it is written.</param>
/// <param name="Line">And at which line.</param>
/// <param name="Name">What it shows.</param>
/// <param name="Call">The call.</param>
/// <param name="Now">When it is made.</param>
/// <param name="Expect">allow, deny, ask, warn or audit.</param>
/// <param name="Rule">The rule that is to apply; null for any.</param>
/// <param name="People">How many people are to be asked; null for any number.</param>
public sealed record PolicyCase(string File, int Line, string Name, Call Call, DateTimeOffset Now, string Expect, string? Rule, int? People);
