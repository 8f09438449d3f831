using System.Globalization;
using System.Text.Json;

namespace McpInfra.Graph.Collectors.Findings;

/// <summary>A SARIF log, which asks little of scanners.</summary>
internal sealed class Sarif : IFindingFormat
{
    private static readonly string[] ResourceNames = ["resource", "resourceId", "resource_id", "resourceArn", "resource_arn", "arn", "resourceAddress", "resource_address", "address", "resourceName", "resource_name"];
    private static readonly string[] Fingerprints = ["fingerprints", "partialFingerprints"];
    private static readonly string[] FrameworkNames = ["frameworks", "compliance", "standards", "benchmarks"];

    public string Kind => "sarif";

    public string Name => "SARIF 2.1.0";

    public IReadOnlyList<string> Endings => [".sarif", ".sarif.json"];

    /// <summary>Passed and absent results are left out, suppressed ones are not.</summary>
    public FindingReport? Read(IReadOnlyList<JsonElement> values)
    {
        if (values is not [var log] || log.Text("version") != "2.1.0" || log.Get("runs").ValueKind is not JsonValueKind.Array)
        {
            return null;
        }

        var failed = log.Items("runs").Any(run => run.Items("invocations").Any(invocation => invocation.Get("executionSuccessful").ValueKind is JsonValueKind.False));
        return new FindingReport(
            [.. log.Items("runs").SelectMany(run => run.Items("results").Where(IsTold).Select(result => Finding(run, result)))],
            log.Items("runs").Any(run => run.Get("results").ValueKind is not JsonValueKind.Array) ? "a run of it has no list of `results`, as when the scanner could not start; look at its log and run it again"
            : failed ? "the scanner says that a run of it failed, so that what it no longer reports may still be there; look at its log and run it again" : null);
    }

    private static Finding Finding(JsonElement run, JsonElement result)
    {
        var driver = run.Get("tool", "driver");
        var rule = Rule(driver, result);
        var ruleId = FindingJson.Clean(result.Text("ruleId") ?? result.Get("rule").Text("id") ?? rule.Text("id")) ?? "unnamed";
        var location = result.Items("locations").FirstOrDefault();
        var physical = location.Get("physicalLocation");
        var file = File(run, physical.Get("artifactLocation"));
        var tool = FindingJson.Clean(driver.Text("name")) ?? "scanner";
        var title = FindingJson.Clean(Message(result, rule) ?? rule.Get("shortDescription").Text("text")) ?? ruleId;
        var resource = FindingJson.Key(Resource(location, result));
        var line = physical.Get("region").Number("startLine");
        return new Finding
        {
            Id = FindingJson.Id(tool, ruleId, Fingerprint(result), resource, file, resource is null ? line?.ToString(CultureInfo.InvariantCulture) : null, title),
            Rule = ruleId, Title = title, Severity = Severity(result, rule), Tool = tool, Resource = resource, File = file, Line = line, Help = FindingJson.Link(rule.Text("helpUri")),
            Status = IsSuppressed(result) ? FindingStatus.Suppressed : FindingStatus.Open,
            Remedy = FindingJson.Clean(rule.Get("help").Text("text")),
            Frameworks = FindingJson.Frameworks(FrameworkNames.SelectMany(name => rule.Get("properties").Items(name).Concat(result.Get("properties").Items(name))).Select(item => item.Text())),
        };
    }

    private static bool IsTold(JsonElement result) => (result.Text("kind") ?? "fail") is "fail" or "open" or "review" && result.Text("baselineState") != "absent";

    private static bool IsSuppressed(JsonElement result) => result.Items("suppressions").Any(suppression => (suppression.Text("status") ?? "accepted") == "accepted");

    private static JsonElement Rule(JsonElement driver, JsonElement result)
    {
        var rules = driver.Get("rules");
        var index = result.Number("ruleIndex") ?? result.Get("rule").Number("index");
        if (rules.ValueKind is JsonValueKind.Array && index is { } at && at >= 0 && at < rules.GetArrayLength())
        {
            return rules[at];
        }

        var id = result.Text("ruleId") ?? result.Get("rule").Text("id");
        return driver.Items("rules").FirstOrDefault(rule => id is not null && rule.Text("id") == id);
    }

    /// <summary>A scanner's own word, else its CVSS-like number, else the level.</summary>
    private static string Severity(JsonElement result, JsonElement rule)
    {
        foreach (var properties in new[] { result.Get("properties"), rule.Get("properties") })
        {
            if (FindingJson.Severity(properties.Text("severity")) is { } word)
            {
                return word;
            }

            if (Score(properties) is { } score)
            {
                return score switch { >= 9 => "critical", >= 7 => "high", >= 4 => "medium", > 0 => "low", _ => "info" };
            }
        }

        return FindingJson.Severity(result.Text("level") ?? rule.Get("defaultConfiguration").Text("level") ?? "warning") ?? "info";
    }

    private static double? Score(JsonElement properties) => properties.Get("security-severity") switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        { ValueKind: JsonValueKind.String } text when double.TryParse(text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var score) => score,
        _ => null,
    };

    private static string? Resource(JsonElement location, JsonElement result)
    {
        var logical = location.Items("logicalLocations").Concat(result.Items("logicalLocations"))
            .Select(place => place.Text("fullyQualifiedName") ?? place.Text("name")).FirstOrDefault(name => name is not null);
        return logical ?? new[] { result.Get("properties"), location.Get("properties") }
            .SelectMany(properties => ResourceNames.Select(name => properties.Text(name))).FirstOrDefault(name => name is not null);
    }

    /// <summary>A path from the repository's root where the log tells its base; the base's own name is dropped.</summary>
    private static string? File(JsonElement run, JsonElement artifact)
    {
        var uri = artifact.Text("uri") ?? run.Items("artifacts").ElementAtOrDefault(artifact.Number("index") ?? -1).Get("location").Text("uri");
        return uri is null ? null : FindingJson.File(Uri.UnescapeDataString(uri.StartsWith("file://", StringComparison.OrdinalIgnoreCase) ? uri["file://".Length..] : uri));
    }

    private static string? Message(JsonElement result, JsonElement rule)
    {
        var message = result.Get("message");
        var text = message.Text("text") ?? (message.Text("id") is { } id ? rule.Get("messageStrings", id).Text("text") : null);
        return text is null ? null : message.Items("arguments").Take(20).Select((argument, at) => (Text: argument.ToString(), At: at))
            .Aggregate(text, (filled, argument) => filled.Length > 10_000 ? filled : filled.Replace($"{{{argument.At}}}", argument.Text, StringComparison.Ordinal));
    }

    private static string? Fingerprint(JsonElement result) => Fingerprints.SelectMany(name => result.Get(name).Members().OrderBy(print => print.Name, StringComparer.Ordinal))
        .Select(print => print.Value.Text()).FirstOrDefault(print => print is not null);
}
