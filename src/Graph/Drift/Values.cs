using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Graph.Drift;

/// <summary>Values of attributes as two sides write them.</summary>
internal static class Values
{
    /// <summary>How a value that is not there is shown.</summary>
    public const string NotSet = "(not set)";

    private const int MostShown = 20;

    private static readonly Dictionary<string, string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["enabled"] = "true", ["on"] = "true", ["internal"] = "true", ["disabled"] = "false", ["off"] = "false", ["internet-facing"] = "false",
    };

    /// <summary>What differs, or null. A side that is null knows that there is none.</summary>
    public static DriftedAttribute? Difference(ComparedAttribute attribute, JsonNode? state, JsonNode? cloud)
    {
        if (attribute.IsSet)
        {
            return Difference(attribute, Texts(attribute, state), Texts(attribute, cloud));
        }

        var (told, seen) = (Text(state) ?? attribute.None!, Text(cloud) ?? attribute.None!);
        var alike = attribute.Form switch
        {
            ComparedForm.Begins => Begins(seen, told),
            _ => Plain(attribute.Form, told).Equals(Plain(attribute.Form, seen), attribute.Form is ComparedForm.Word or ComparedForm.Place ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal),
        };
        return alike ? null : new DriftedAttribute(attribute.State, told, seen);
    }

    /// <summary>Whether the value is, holds or stands for a secret.</summary>
    public static bool IsSecret(JsonNode? value) => value is not null && (value is JsonArray list ? list.Any(item => IsSecret(Text(item))) : IsSecret(Text(value)));

    /// <inheritdoc cref="IsSecret(JsonNode?)"/>
    public static bool IsSecret(string? value) => value is not null && (SecretShapes.IsSecretValue(value) || SecretShapes.IsStandIn(value));

    /// <summary>Whether the value is a key's alias, which may be one of any key.</summary>
    public static bool IsAlias(JsonNode? value) => Text(value)?.Contains("alias/", StringComparison.Ordinal) == true;

    /// <summary>Whether the value says that there is none.</summary>
    public static bool IsNone(ComparedAttribute attribute, JsonNode? value) => Text(value) is { } text && text == attribute.None;

    /// <summary>A value as text.</summary>
    public static string? Text(JsonNode? value) => value?.GetValueKind() switch
    {
        null => null,
        JsonValueKind.String => value.GetValue<string>(),
        _ => value.ToJsonString(),
    };

    // Of long sets what both have is not told twice.
    private static DriftedAttribute? Difference(ComparedAttribute attribute, SortedSet<string> state, SortedSet<string> cloud)
    {
        if (state.SetEquals(cloud))
        {
            return null;
        }

        var alike = state.Count(cloud.Contains);
        return new DriftedAttribute(attribute.State, Shown([.. state.Except(cloud)], alike), Shown([.. cloud.Except(state)], alike));
    }

    private static string Shown(List<string> values, int alike)
    {
        var shown = string.Join(", ", values.Order(StringComparer.Ordinal).Take(MostShown)) + (values.Count > MostShown ? $" and {values.Count - MostShown} more" : "");
        return (values.Count, alike) switch { (0, 0) => "none", (0, _) => $"no other than {alike} that both have", (_, 0) => shown, _ => $"{shown} (besides {alike} that both have)" };
    }

    private static SortedSet<string> Texts(ComparedAttribute attribute, JsonNode? value)
    {
        IEnumerable<string> texts = value switch
        {
            null => [],
            _ when attribute.Form is ComparedForm.Policy => PolicyDocument.Statements(value),
            JsonArray list => list.Select(Text).OfType<string>(),
            _ when IsNone(attribute, value) => [],
            _ => [Text(value)!],
        };
        return new(attribute.Form switch
        {
            ComparedForm.Ids => texts.Select(Last),
            ComparedForm.Routes => texts.Where(Routes.IsMadeByPeople).Select(Routes.Plain),
            _ => texts,
        }, StringComparer.Ordinal);
    }

    private static string Plain(ComparedForm form, string value) => form switch
    {
        ComparedForm.Word => Words.GetValueOrDefault(value, value),
        ComparedForm.Id => Last(value),
        ComparedForm.Place => value.Replace(" ", "", StringComparison.Ordinal),
        _ => value,
    };

    private static bool Begins(string whole, string start) => whole == start || whole.StartsWith(start + ".", StringComparison.Ordinal);

    private static string Last(string id) => id[(id.LastIndexOfAny(['/', ':']) + 1)..];
}
