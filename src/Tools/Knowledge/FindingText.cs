using System.Globalization;
using System.Text.Json.Nodes;
using McpInfra.Graph;
using McpInfra.Graph.Queries;
using McpInfra.Tools.Resources;

namespace McpInfra.Tools.Knowledge;

/// <summary>Findings as lines and as structured content.</summary>
internal static class FindingText
{
    public const string Columns = "severity | status | rule | message | resource (id) | file:line | scanners | frameworks | remedy";

    private const int MostFrameworks = 4;

    public static string Row(JoinedFinding finding) => string.Join(" | ",
        finding.Severity, Status(finding), Lines.Cell(finding.Rule), Lines.Cell(finding.Title), Resource(finding), File(finding), Lines.Cell(string.Join(", ", finding.Tools)),
        Frameworks(finding), Lines.Cell(finding.Remedy ?? "-"));

    public static JsonArray Structured(IEnumerable<JoinedFinding> findings) => new([.. findings.Select(finding => (JsonNode)new JsonObject
    {
        ["id"] = finding.Id, ["rule"] = finding.Rule, ["title"] = finding.Title, ["severity"] = finding.Severity, ["status"] = finding.Status.ToString().ToLowerInvariant(),
        ["tools"] = Texts(finding.Tools), ["resources"] = Texts(finding.Resources.Select(resource => resource.Id)), ["file"] = finding.File, ["line"] = finding.Line,
        ["frameworks"] = Texts(finding.Frameworks), ["remedy"] = finding.Remedy, ["help"] = finding.Help,
        ["since"] = finding.Since.ToString("O", CultureInfo.InvariantCulture), ["ended"] = finding.EndedAt?.ToString("O", CultureInfo.InvariantCulture),
        ["history"] = new JsonArray([.. finding.History.Select(change => (JsonNode)new JsonObject
        {
            ["time"] = change.Time.ToString("O", CultureInfo.InvariantCulture), ["status"] = change.Status.ToString().ToLowerInvariant(),
        })]),
    })]);

    private static string Status(JoinedFinding finding)
    {
        var again = finding.Status is FindingStatus.Open && finding.History.Count(change => change.Status is FindingStatus.Open) > 1 ? " again" : "";
        return finding.EndedAt is { } ended ? $"{finding.Status.ToString().ToLowerInvariant()} {Day(ended)}" : $"open{again} since {Day(finding.Since)}";
    }

    private static string Resource(JoinedFinding finding) => finding.Resources switch
    {
        [] => finding.Key is { } key ? $"{Lines.Cell(key)} (not in the graph)" : "-",
        [var only] => $"{Lines.Cell(only.Name)} ({Lines.Id(only.Id)})",
        [var first, ..] => $"{Lines.Cell(first.Name)} ({Lines.Id(first.Id)}) and {finding.Resources.Count - 1} more",
    };

    private static string File(JoinedFinding finding) => finding.File is null ? "-" : finding.Line is { } line ? $"{Lines.Cell(finding.File)}:{line}" : Lines.Cell(finding.File);

    private static string Frameworks(JoinedFinding finding) => finding.Frameworks.Count == 0 ? "-"
        : Lines.Cell(string.Join(", ", finding.Frameworks.Take(MostFrameworks)) + (finding.Frameworks.Count > MostFrameworks ? $" and {finding.Frameworks.Count - MostFrameworks} more" : ""));

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
