using System.Text.Json;

namespace McpInfra.Graph.Collectors.Findings;

/// <summary>Checkov's JSON: a report of one framework, or an array of them.</summary>
internal sealed class Checkov : IFindingFormat
{
    private static readonly string[] Counts = ["passed", "failed", "skipped", "parsing_errors"];

    public string Kind => "checkov";

    public string Name => "Checkov's JSON";

    public IReadOnlyList<string> Endings => [".json"];

    public FindingReport? Read(IReadOnlyList<JsonElement> values)
    {
        if (values is not [var root])
        {
            return null;
        }

        var reports = root.ValueKind is JsonValueKind.Array ? root.EnumerateArray().ToList() : [root];
        var unread = reports.Sum(report => report.Get("results").Items("parsing_errors").Count());
        return reports.Count == 0 || FindingReport.Of(reports, IsReport, good => good.SelectMany(report => Checks(report, "failed_checks", FindingStatus.Open).Concat(Checks(report, "skipped_checks", FindingStatus.Suppressed)))) is not { } read ? null
            : unread == 0 ? read
            : read with { Gap = $"Checkov could not read {unread} file{(unread == 1 ? "" : "s")}, so that what it no longer reports may still be there; mend those and run it again" };
    }

    // With nothing to check it writes counts alone.
    private static bool IsReport(JsonElement report) => report.Get("results").Get("failed_checks").ValueKind is JsonValueKind.Array || Array.TrueForAll(Counts, name => report.Number(name) is not null);

    private static IEnumerable<Finding> Checks(JsonElement report, string list, FindingStatus status) => report.Get("results").Items(list).Select(check => Finding(check, status));

    private static Finding Finding(JsonElement check, FindingStatus status)
    {
        var rule = FindingJson.Clean(check.Text("check_id")) ?? "unnamed";
        var file = FindingJson.File((check.Text("repo_file_path") ?? check.Text("file_path"))?.TrimStart('/'));
        var line = check.Items("file_line_range").FirstOrDefault() is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var first) ? first : (int?)null;
        var resource = FindingJson.Key(check.Text("resource_address") ?? check.Text("resource"));
        var title = FindingJson.Clean(check.Text("check_name")) ?? rule;
        return new Finding
        {
            // Not by line: code above the block moves it.
            Id = FindingJson.Id("Checkov", rule, null, file, resource, resource is null ? title : null),
            Rule = rule, Title = title, Tool = "Checkov", Status = status,
            Severity = FindingJson.Severity(check.Text("severity")) ?? "medium",
            Resource = resource, File = file, Line = line > 0 ? line : null,
            Help = FindingJson.Link(check.Text("guideline")),
            Frameworks = FindingJson.Frameworks(check.Get("benchmarks").Members().SelectMany(benchmark =>
                benchmark.Value.Items().Select(item => item.Text() ?? item.Text("id")).OfType<string>().Select(id => $"{benchmark.Name} {id}").DefaultIfEmpty(benchmark.Name))),
        };
    }
}
