using System.Globalization;
using System.Text.Json;
using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Collectors.Findings;

/// <summary>Reads scanners' JSON, where anything may be absent, and cleans what they wrote.</summary>
internal static class FindingJson
{
    public const int MostText = 500;
    public const int MostFrameworks = 50;
    public const int MostResources = 20;

    private static readonly Dictionary<string, string> Severities = new(StringComparer.OrdinalIgnoreCase)
    {
        ["critical"] = "critical", ["fatal"] = "critical", ["high"] = "high", ["error"] = "high", ["medium"] = "medium", ["moderate"] = "medium", ["warning"] = "medium",
        ["low"] = "low", ["note"] = "low", ["minor"] = "low", ["info"] = "info", ["informational"] = "info", ["negligible"] = "info", ["unknown"] = "info", ["none"] = "info",
    };

    public static JsonElement Get(this JsonElement value, string name) => value.ValueKind is JsonValueKind.Object && value.TryGetProperty(name, out var inner) ? inner : default;

    public static JsonElement Get(this JsonElement value, string name, params ReadOnlySpan<string> more)
    {
        var inner = value.Get(name);
        foreach (var step in more)
        {
            inner = inner.Get(step);
        }

        return inner;
    }

    public static IEnumerable<JsonElement> Items(this JsonElement value) => value.ValueKind is JsonValueKind.Array ? value.EnumerateArray() : [];

    public static IEnumerable<JsonElement> Items(this JsonElement value, string name) => value.Get(name).Items();

    public static IEnumerable<JsonProperty> Members(this JsonElement value) => value.ValueKind is JsonValueKind.Object ? value.EnumerateObject() : [];

    public static string? Text(this JsonElement value) => value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    public static string? Text(this JsonElement value, string name) => value.Get(name).Text();

    public static int? Number(this JsonElement value, string name) => value.Get(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var found) ? found : null;

    public static DateTimeOffset? Time(this JsonElement value) => value switch
    {
        { ValueKind: JsonValueKind.String } when DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) => time,
        { ValueKind: JsonValueKind.Number } when value.TryGetInt64(out var number) && number is > 0 and < 253_402_300_800_000 =>
            number < 100_000_000_000 ? DateTimeOffset.FromUnixTimeSeconds(number) : DateTimeOffset.FromUnixTimeMilliseconds(number),
        _ => null,
    };

    /// <summary>One of ours for a scanner's word; null for a word we do not know.</summary>
    public static string? Severity(string? word) => word is null ? null : Severities.GetValueOrDefault(word.Trim());

    /// <summary>One bounded line without control characters, secrets masked; null for nothing.</summary>
    public static string? Clean(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var start = text.Length > 8 * MostText ? text[..(8 * MostText)] : text;
        var line = string.Join(' ', new string([.. start.Select(letter => char.IsControl(letter) ? ' ' : letter)]).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var masked = SecretShapes.Masked(line);
        return masked.Length switch { 0 => null, > MostText => masked[..MostText], _ => masked };
    }

    /// <summary>A name by which resources are known; null when it is too long to be one, or holds a secret.</summary>
    public static string? Key(string? name) => name is { Length: > 0 and <= 2048 } && !SecretShapes.IsSecretValue(name) && !name.Any(char.IsControl) ? name : null;

    public static IReadOnlyList<string> Keys(IEnumerable<string?> names) => [.. names.Select(Key).OfType<string>().Distinct().Take(MostResources)];

    public static IReadOnlyList<string> Frameworks(IEnumerable<string?> names) => [.. names.Select(Clean).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Take(MostFrameworks)];

    /// <summary>An id of bounded length without line breaks.</summary>
    public static string Id(string tool, string rule, string? own, params ReadOnlySpan<string?> parts)
    {
        var last = own is { Length: > 0 and <= 300 } && !own.Any(char.IsControl) && !SecretShapes.IsSecretValue(own) ? own : Fingerprint.Of([own, .. parts]).ToString("x32", CultureInfo.InvariantCulture);
        return $"{tool}/{rule}/{last}";
    }

    /// <summary>A path from the repository's root, with `/`; null when it is none.</summary>
    public static string? File(string? path)
    {
        if (path is null)
        {
            return null;
        }

        var plain = path.Replace('\\', '/');
        while (plain.StartsWith("./", StringComparison.Ordinal))
        {
            plain = plain[2..];
        }

        return plain.Length is > 0 and <= MostText && !plain.Any(char.IsControl) ? plain : null;
    }

    /// <summary>A web address; scanners' links lead nowhere else.</summary>
    public static string? Link(string? text) =>
        text is { Length: <= MostText } && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 ? text : null;
}
