using McpInfra.Guardrails;

namespace McpInfra.Host.Edge;

/// <summary>An answer as the text that a client shows.</summary>
internal static class AnswerText
{
    /// <summary>Our words bare, others' text between its markers when spotlighting set one.</summary>
    public static string Of(Answer answer) => string.Join("\n", answer.Parts.Select(part => part.Marker is { } marker
        ? $"[{marker} {part.Source ?? "text of others"}]\n{part.Text}\n[/{marker}]"
        : part.Text));
}
