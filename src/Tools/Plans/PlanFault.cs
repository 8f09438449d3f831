using McpInfra.Guardrails;

namespace McpInfra.Tools.Plans;

/// <summary>A plan cannot be made as asked; carries the answer that says why.</summary>
internal sealed class PlanFault(Answer answer) : Exception("The plan cannot be made as asked.")
{
    public Answer Answer { get; } = answer;

    public static PlanFault Of(string text, params IReadOnlyList<Part> more) => new(Answer.Fault(text, more));
}
