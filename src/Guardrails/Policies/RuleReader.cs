using System.Globalization;
using McpInfra.Cedar;

namespace McpInfra.Guardrails.Policies;

/// <summary>Reads what follows from a policy out of its annotations. A word that is not known is a fault: an obligation is never skipped.</summary>
internal static class RuleReader
{
    private const int MostText = 300;
    private const int MostLabel = 50;
    private const int MostPeople = 20;
    private static readonly string[] Known = ["id", "severity", "remedy", "people", "label", "doc"];

    /// <summary>The rule, with every fault of its annotations.</summary>
    public static Rule Read(Policy policy, List<Manifests.Fault> faults)
    {
        var annotations = policy.Annotations;
        foreach (var (name, value) in annotations)
        {
            if (!Known.Contains(name))
            {
                Fault($"unknown annotation @{name}; allowed are {string.Join(", ", Known.Select(known => "@" + known))}");
            }
            else if (value.Length is 0 or > MostText || value.Any(char.IsControl))
            {
                Fault($"@{name} must be one line of 1 to {MostText} characters");
            }
        }

        if (annotations.GetValueOrDefault("label") is { } label && (label.Length > MostLabel || label.Contains(',') || label.Trim() != label))
        {
            Fault($"@label must be 1 to {MostLabel} characters without a comma, for forges take no other");
        }

        if (policy.IsTemplate)
        {
            Fault("has a slot (?principal or ?resource), and nothing here binds it; name the principal or resource, or leave it open");
        }

        return new Rule
        {
            Policy = policy,
            Name = annotations.GetValueOrDefault("id") is { Length: > 0 } id ? id : $"{policy.Position.File}:{policy.Position.Line}",
            Severity = Severe(),
            Remedy = annotations.GetValueOrDefault("remedy"),
            People = People(),
            Label = annotations.GetValueOrDefault("label"),
        };

        Severity? Severe()
        {
            switch (annotations.GetValueOrDefault("severity"))
            {
                case null:
                    return policy.Effect is Effect.Forbid ? Guardrails.Severity.Block : null;
                case "block" when policy.Effect is Effect.Forbid:
                    return Guardrails.Severity.Block;
                case "escalate":
                    return Guardrails.Severity.Escalate;
                case "warn":
                    return Guardrails.Severity.Warn;
                case "audit":
                    return Guardrails.Severity.Audit;
                default:
                    Fault(policy.Effect is Effect.Forbid ? "@severity must be block, escalate, warn or audit" : "@severity of a permit must be escalate, warn or audit");
                    return Guardrails.Severity.Block;
            }
        }

        int People()
        {
            if (!annotations.TryGetValue("people", out var text))
            {
                return 1;
            }

            if (annotations.GetValueOrDefault("severity") != "escalate")
            {
                Fault("@people needs @severity(\"escalate\"): only then are people asked");
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var people) && people is >= 1 and <= MostPeople)
            {
                return people;
            }

            Fault($"@people must be a whole number from 1 to {MostPeople}");
            return MostPeople;
        }

        void Fault(string message) => faults.Add(new Manifests.Fault(policy.Position.File, policy.Position.Line, message));
    }
}
