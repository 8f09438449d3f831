using System.Globalization;
using System.Text;

namespace McpInfra.Benchmarks.Policies;

/// <summary>Rules over the published schema as operators write them, with their obligations.</summary>
internal static class OperatorRules
{
    /// <summary>So many, of eight kinds; none applies to the calls of the benchmark, so that all of what a decision looks at is looked at.</summary>
    public static string Text(int count)
    {
        var text = new StringBuilder();
        for (var index = 0; index < count; index++)
        {
            text.Append(CultureInfo.InvariantCulture, $"@id(\"rule-{index}\")\n@severity(\"{(index % 3 == 0 ? "escalate" : "block")}\")\n@remedy(\"Ask team {index % 50}\")\n");
            text.AppendLine((index % 8) switch
            {
                0 => $"forbid (principal, action in Action::\"draft\", resource in Account::\"a{index}\") when {{ context.plan.deletes > 0 }};",
                1 => $"forbid (principal == Agent::\"agent{index}\", action, resource);",
                2 => $"forbid (principal, action == Action::\"propose_change\", resource in Repository::\"r{index}\") when {{ context.plan.publicExposure > 0 || context.plan.permissionsWidened > 0 }};",
                3 => $"forbid (principal, action == Action::\"propose_change\", resource in Environment::\"e{index}\") when {{ context.plan has costDelta && context.plan.costDelta.greaterThan(decimal(\"500.0\")) }};",
                4 => $"forbid (principal, action == Action::\"plan_change\", resource in Repository::\"r{index}\") when {{ context.hour < 8 || context.hour > 18 }};",
                5 => $"forbid (principal, action == Action::\"describe_resource\", resource is Resource in Account::\"a{index}\") when {{ resource.hasTag(\"class\") && resource.getTag(\"class\") == \"secret\" }};",
                6 => $"forbid (principal, action in Action::\"draft\", resource in Account::\"a{index}\") when {{ context.session.flagged && !context.plan.tagsOnEvery.containsAll([\"owner\", \"cost\"]) }};",
                _ => $"forbid (principal, action in [Action::\"read_repository\", Action::\"detect_drift\"], resource in Repository::\"r{index}\") unless {{ context has person }};",
            });
        }

        return text.ToString();
    }
}
