using System.Text;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>Changes as one text, like the engine's own.</summary>
internal static class PlanDiff
{
    private const int Most = 64 << 10;

    public static string Of(IReadOnlyList<ChangeRead> changes)
    {
        var text = new StringBuilder();
        foreach (var change in changes)
        {
            if (text.Length > Most)
            {
                text.Append("… cut\n");
                break;
            }

            text.Append(Sign(change.Action)).Append(' ').Append(change.Address).Append('\n');
            foreach (var line in change.Lines)
            {
                text.Append("    ").Append(line).Append('\n');
            }

            if (change.Left > 0)
            {
                text.Append("    … ").Append(change.Left).Append(" more attributes\n");
            }
        }

        return text.ToString();
    }

    private static string Sign(string action) => action switch
    {
        "create" => "+",
        "delete" => "-",
        "replace" => "-/+",
        "read" => "<=",
        "move" => "→",
        _ => "~",
    };
}
