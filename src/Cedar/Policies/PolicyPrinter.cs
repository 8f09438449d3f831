using System.Text;

namespace McpInfra.Cedar;

/// <summary>Lays a policy out in Cedar syntax: one part of the scope a line, then the conditions.</summary>
internal static class PolicyPrinter
{
    public static string Print(Policy policy)
    {
        var text = new StringBuilder(Annotations.Print(policy.Annotations, '\n'));
        text.Append(policy.Effect == Effect.Permit ? "permit (" : "forbid (")
            .AppendJoin(",", policy.Scopes.Select(scope => $"\n  {scope}"))
            .Append("\n)");
        foreach (var condition in policy.Conditions)
        {
            text.Append(condition.IsWhen ? "\nwhen { " : "\nunless { ").Append(ExpressionPrinter.Print(condition.Body)).Append(" }");
        }

        return text.Append(';').ToString();
    }
}
