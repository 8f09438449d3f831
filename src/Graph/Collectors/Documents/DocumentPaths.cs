using System.Text.RegularExpressions;

namespace McpInfra.Graph.Collectors.Documents;

/// <summary>Which files are documents, and what for, by where they lie and how they are called.</summary>
internal static partial class DocumentPaths
{
    private static readonly string[] Decisions = ["adr", "adrs", "decisions", "decision", "decision-records", "decision-log", "rfc", "rfcs"];
    private static readonly string[] Runbooks = ["runbook", "runbooks", "playbook", "playbooks", "incident", "incidents", "postmortem", "postmortems", "oncall", "on-call", "sop", "sops"];

    /// <summary>What the file at a path is for; null when it is no document.</summary>
    public static DocumentKind? KindOf(string path)
    {
        var steps = path.Split('/');
        var name = steps[^1].ToLowerInvariant();
        if (CodeOwners.Places.Contains(path))
        {
            return DocumentKind.Owners;
        }

        if (name is "catalog-info.yaml" or "catalog-info.yml")
        {
            return DocumentKind.Catalog;
        }

        if (!name.EndsWith(".md", StringComparison.Ordinal) && !name.EndsWith(".markdown", StringComparison.Ordinal))
        {
            return null;
        }

        var folders = steps[..^1].Select(step => step.ToLowerInvariant()).ToList();
        return name.StartsWith("readme", StringComparison.Ordinal) ? DocumentKind.Readme
            : folders.Exists(Runbooks.Contains) || RunbookName().IsMatch(name) ? DocumentKind.Runbook
            : folders.Exists(Decisions.Contains) || DecisionName().IsMatch(name) ? DocumentKind.Decision
            : DocumentKind.Document;
    }

    [GeneratedRegex("runbook|playbook|postmortem|incident", RegexOptions.CultureInvariant)]
    private static partial Regex RunbookName();

    [GeneratedRegex(@"^(adr[-_])?[0-9]{3,5}[-_.]", RegexOptions.CultureInvariant)]
    private static partial Regex DecisionName();
}
