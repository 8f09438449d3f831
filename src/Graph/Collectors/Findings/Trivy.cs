using System.Text.Json;

namespace McpInfra.Graph.Collectors.Findings;

/// <summary>Trivy's JSON of schema version 2: of an image, a file system, a repository, an account or a cluster. What matched a secret's rule is never read.</summary>
internal sealed class Trivy : IFindingFormat
{
    private const int Version = 2;
    private const int MostResults = 100_000;

    private static readonly string[] Lists = ["Vulnerabilities", "Misconfigurations", "Secrets"];

    public string Kind => "trivy";

    public string Name => $"Trivy's JSON of schema version {Version}";

    public IReadOnlyList<string> Endings => [".json"];

    public FindingReport? Read(IReadOnlyList<JsonElement> values)
    {
        if (values is not [{ ValueKind: JsonValueKind.Object } root] || (root.Number("SchemaVersion") != Version && (root.Number("SchemaVersion") is not null || root.Text("ClusterName") is null)))
        {
            return null;
        }

        var artifact = root.Text("ArtifactType") is "container_image" or "vm" ? root.Text("ArtifactName") : null;
        var inCluster = root.Items("Resources").SelectMany(resource => resource.Items("Results").Select(result => (result, Named(resource))));
        var results = root.Items("Results").Select(result => (result, artifact)).Concat(inCluster).Take(MostResults).ToList();
        var broken = FindingReport.NoList(root, "Results", "Resources") ?? results.Select(pair => FindingReport.NoList(pair.result, Lists)).FirstOrDefault(name => name is not null);
        return new FindingReport([.. results.SelectMany(pair => Findings(pair.result, pair.Item2))], broken is null ? null : $"its `{broken}` is no list, so that what it no longer reports may still be there; run the scanner again");
    }

    // As Kubernetes' own tools name it within a cluster.
    private static string? Named(JsonElement resource) => resource.Text("Kind") is { } kind && resource.Text("Name") is { } name
        ? resource.Text("Namespace") is { } space ? $"{space}/{kind}/{name}" : $"{kind}/{name}" : null;

    private static IEnumerable<Finding> Findings(JsonElement result, string? about)
    {
        var target = result.Text("Target");
        var hidden = result.Items("ExperimentalModifiedFindings").Where(one => one.Text("Status") is "ignored" or "not_affected");
        return
        [
            .. result.Items("Vulnerabilities").Select(found => Vulnerability(found, about, target, FindingStatus.Open)),
            .. result.Items("Misconfigurations").Where(found => found.Text("Status") is "FAIL" or null).Select(found => Misconfiguration(found, about, target, FindingStatus.Open)),
            .. result.Items("Misconfigurations").Where(found => found.Text("Status") is "EXCEPTION").Select(found => Misconfiguration(found, about, target, FindingStatus.Suppressed)),
            .. result.Items("Secrets").Select(found => Secret(found, about, target)),
            .. hidden.Where(one => one.Text("Type") == "vulnerability").Select(one => Vulnerability(one.Get("Finding"), about, target, FindingStatus.Suppressed)),
            .. hidden.Where(one => one.Text("Type") == "misconfiguration").Select(one => Misconfiguration(one.Get("Finding"), about, target, FindingStatus.Suppressed)),
        ];
    }

    private static Finding Vulnerability(JsonElement found, string? about, string? target, FindingStatus status)
    {
        var rule = FindingJson.Clean(found.Text("VulnerabilityID")) ?? "unnamed";
        var (package, version, better) = (found.Text("PkgName"), found.Text("InstalledVersion"), found.Text("FixedVersion"));
        return new Finding
        {
            Id = FindingJson.Id("Trivy", rule, null, about, target, package, version, found.Text("PkgPath")),
            Rule = rule, Title = FindingJson.Clean($"{package} {version}: {found.Text("Title") ?? rule}") ?? rule, Tool = "Trivy", Status = status,
            Severity = FindingJson.Severity(found.Text("Severity")) ?? "info",
            Resource = FindingJson.Key(about), File = about is null ? FindingJson.File(target) : null,
            Help = FindingJson.Link(found.Text("PrimaryURL")), Remedy = FindingJson.Clean(better is null ? null : $"Upgrade {package} to {better}"),
        };
    }

    private static Finding Misconfiguration(JsonElement found, string? about, string? target, FindingStatus status)
    {
        var rule = FindingJson.Clean(found.Text("AVDID") ?? found.Text("ID")) ?? "unnamed";
        var cause = found.Get("CauseMetadata");
        var resource = FindingJson.Key(cause.Text("Resource") ?? about);
        var message = FindingJson.Clean(found.Text("Message") ?? found.Text("Title")) ?? rule;
        return new Finding
        {
            Id = FindingJson.Id("Trivy", rule, null, about, target, resource, message),
            Rule = rule, Title = message, Tool = "Trivy", Status = status,
            Severity = FindingJson.Severity(found.Text("Severity")) ?? "medium",
            Resource = resource, File = FindingJson.File(target), Line = cause.Number("StartLine") is > 0 and var line ? line : null,
            Help = FindingJson.Link(found.Text("PrimaryURL")), Remedy = FindingJson.Clean(found.Text("Resolution")),
        };
    }

    private static Finding Secret(JsonElement found, string? about, string? target)
    {
        var rule = FindingJson.Clean(found.Text("RuleID")) ?? "secret";
        var line = found.Number("StartLine") is > 0 and var first ? first : (int?)null;
        return new Finding
        {
            Id = FindingJson.Id("Trivy", rule, null, about, target, line?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            Rule = rule, Title = FindingJson.Clean($"A secret: {found.Text("Title") ?? rule}") ?? rule, Tool = "Trivy",
            Severity = FindingJson.Severity(found.Text("Severity")) ?? "critical",
            Resource = FindingJson.Key(about), File = FindingJson.File(target), Line = line,
        };
    }
}
