using System.Globalization;
using System.Text.Json;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Collectors.Findings;

/// <summary>A SARIF log. What scanners leave out or write otherwise is passed over; the format asks little of them.</summary>
internal static class SarifLog
{
    private const int MostText = 500;

    private static readonly string[] ResourceNames = ["resource", "resourceId", "resource_id", "resourceArn", "resource_arn", "arn", "resourceAddress", "resource_address", "address", "resourceName", "resource_name"];
    private static readonly string[] Fingerprints = ["fingerprints", "partialFingerprints"];
    private static readonly string[] Severities = ["critical", "high", "medium", "low", "info"];

    /// <summary>What is open: suppressed, passed and absent results are left out. Null when it is no SARIF 2.1.0.</summary>
    public static List<Finding>? Findings(JsonElement log)
    {
        if (Text(log, "version") != "2.1.0" || Get(log, "runs") is not { ValueKind: JsonValueKind.Array } runs)
        {
            return null;
        }

        return [.. runs.EnumerateArray().SelectMany(run => Items(run, "results").Where(IsOpen).Select(result => Finding(run, result)))];
    }

    private static Finding Finding(JsonElement run, JsonElement result)
    {
        var driver = Get(Get(run, "tool"), "driver");
        var rule = Rule(driver, result);
        var ruleId = Text(result, "ruleId") ?? Text(Get(result, "rule"), "id") ?? Text(rule, "id") ?? "unnamed";
        var location = Items(result, "locations").FirstOrDefault();
        var physical = Get(location, "physicalLocation");
        var file = File(run, Get(physical, "artifactLocation"));
        var tool = Text(driver, "name") ?? "scanner";
        var title = Cut(Message(result, rule) ?? Text(Get(rule, "shortDescription"), "text") ?? ruleId);
        var resource = Resource(location, result);
        var line = Number(Get(physical, "region"), "startLine");
        return new Finding
        {
            Id = Fingerprint(result) is { } print ? $"{tool}/{ruleId}/{print}" : $"{tool}/{ruleId}/{Store.Fingerprint.Of(resource, file, line?.ToString(CultureInfo.InvariantCulture), title):x32}",
            Rule = Cut(ruleId), Title = title, Severity = Severity(result, rule), Tool = Cut(tool), Resource = resource, File = file, Line = line, Help = Text(rule, "helpUri"),
        };
    }

    private static bool IsOpen(JsonElement result) =>
        (Text(result, "kind") ?? "fail") is "fail" or "open" or "review"
        && Text(result, "baselineState") != "absent"
        && !Items(result, "suppressions").Any(suppression => (Text(suppression, "status") ?? "accepted") == "accepted");

    private static JsonElement Rule(JsonElement driver, JsonElement result)
    {
        var rules = Get(driver, "rules");
        var index = Number(result, "ruleIndex") ?? Number(Get(result, "rule"), "index");
        if (rules.ValueKind is JsonValueKind.Array && index is { } at && at >= 0 && at < rules.GetArrayLength())
        {
            return rules[at];
        }

        var id = Text(result, "ruleId") ?? Text(Get(result, "rule"), "id");
        return Items(driver, "rules").FirstOrDefault(rule => id is not null && Text(rule, "id") == id);
    }

    /// <summary>A scanner's own word, else its CVSS-like number, else the level.</summary>
    private static string Severity(JsonElement result, JsonElement rule)
    {
        foreach (var properties in new[] { Get(result, "properties"), Get(rule, "properties") })
        {
            if (Text(properties, "severity")?.ToLowerInvariant() is { } word && Severities.Contains(word))
            {
                return word;
            }

            if (Score(properties) is { } score)
            {
                return score switch { >= 9 => "critical", >= 7 => "high", >= 4 => "medium", > 0 => "low", _ => "info" };
            }
        }

        return (Text(result, "level") ?? Text(Get(rule, "defaultConfiguration"), "level") ?? "warning") switch { "error" => "high", "warning" => "medium", "note" => "low", _ => "info" };
    }

    private static double? Score(JsonElement properties) => Get(properties, "security-severity") switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        { ValueKind: JsonValueKind.String } text when double.TryParse(text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var score) => score,
        _ => null,
    };

    private static string? Resource(JsonElement location, JsonElement result)
    {
        var logical = Items(location, "logicalLocations").Concat(Items(result, "logicalLocations"))
            .Select(place => Text(place, "fullyQualifiedName") ?? Text(place, "name")).FirstOrDefault(name => name is not null);
        return logical ?? new[] { Get(result, "properties"), Get(location, "properties") }
            .SelectMany(properties => ResourceNames.Select(name => Text(properties, name))).FirstOrDefault(name => name is not null);
    }

    /// <summary>A path from the repository's root where the log tells its base; the base's own name is dropped.</summary>
    private static string? File(JsonElement run, JsonElement artifact)
    {
        var uri = Text(artifact, "uri") ?? Text(Get(Items(run, "artifacts").ElementAtOrDefault(Number(artifact, "index") ?? -1), "location"), "uri");
        if (uri is null)
        {
            return null;
        }

        var path = Uri.UnescapeDataString(uri.StartsWith("file://", StringComparison.OrdinalIgnoreCase) ? uri["file://".Length..] : uri).Replace('\\', '/');
        while (path.StartsWith("./", StringComparison.Ordinal))
        {
            path = path[2..];
        }

        return path.Length is > 0 and <= MostText ? path : null;
    }

    private static string? Message(JsonElement result, JsonElement rule)
    {
        var message = Get(result, "message");
        var text = Text(message, "text") ?? (Text(message, "id") is { } id ? Text(Get(Get(rule, "messageStrings"), id), "text") : null);
        var arguments = Items(message, "arguments").Select(argument => argument.ToString()).ToList();
        return text is null ? null : arguments.Select((argument, at) => (argument, at)).Aggregate(text, (filled, pair) => filled.Replace($"{{{pair.at}}}", pair.argument, StringComparison.Ordinal));
    }

    private static string? Fingerprint(JsonElement result) => Fingerprints.Select(name => Get(result, name))
        .Where(prints => prints.ValueKind is JsonValueKind.Object).SelectMany(prints => prints.EnumerateObject().OrderBy(print => print.Name, StringComparer.Ordinal))
        .Where(print => print.Value.ValueKind is JsonValueKind.String).Select(print => Cut(print.Value.GetString()!)).FirstOrDefault();

    private static string Cut(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > MostText ? line[..MostText] : line;
    }

    private static JsonElement Get(JsonElement value, string name) => value.ValueKind is JsonValueKind.Object && value.TryGetProperty(name, out var inner) ? inner : default;

    private static IEnumerable<JsonElement> Items(JsonElement value, string name) => Get(value, name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    private static string? Text(JsonElement value, string name) => Get(value, name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } found ? found : null;

    private static int? Number(JsonElement value, string name) => Get(value, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var found) ? found : null;
}
