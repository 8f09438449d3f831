using System.IO.Enumeration;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Tools.Plans.Facts;

/// <summary>What an AWS policy document lets whom do. One that cannot be read grants everything.</summary>
internal static class PolicyDocument
{
    private const int MostGrants = 5000;
    private const char Apart = '\u001F';
    private static readonly string[] NarrowingKeys =
    [
        "aws:sourcearn", "aws:sourceaccount", "aws:sourceowner", "aws:sourcevpc", "aws:sourcevpce", "aws:principalorgid", "aws:principalorgpaths",
        "aws:principalaccount", "aws:principalarn", "aws:sourceorgid", "aws:userid", "kms:calleraccount", "s3:dataaccesspointaccount",
    ];

    /// <summary>Its grants, one text each: principal, action, resource, condition; with <c>anyoneOnly</c> those alone that anybody has.</summary>
    public static IReadOnlyList<string> Grants(JsonNode? document, bool anyoneOnly)
    {
        if (document is null || (document is JsonValue text && text.GetValueKind() is JsonValueKind.String && string.IsNullOrWhiteSpace(text.GetValue<string>())))
        {
            return [];
        }

        return Statements(document) is { } statements
            ? [.. statements.OfType<JsonObject>().SelectMany(statement => Of(statement, anyoneOnly)).Distinct().Take(MostGrants)]
            : [string.Join(Apart, "*", "*", "*", "")];
    }

    /// <summary>Whether an earlier grant lets do all that this one does.</summary>
    public static bool IsWithin(string grant, string earlier)
    {
        var (now, then) = (grant.Split(Apart), earlier.Split(Apart));
        return now.Length == 4 && then.Length == 4
            && Covers(then[0], now[0]) && Covers(then[1], now[1]) && Covers(then[2], now[2]) && (then[3].Length == 0 || then[3] == now[3]);
    }

    /// <summary>What it denies, one text a statement.</summary>
    public static IReadOnlyList<string> Denials(JsonNode? document) => document is null ? [] :
        [.. (Statements(document) ?? []).OfType<JsonObject>().Where(statement => string.Equals(statement["Effect"]?.ToString(), "Deny", StringComparison.OrdinalIgnoreCase)).Select(Unnamed)];

    private static string Unnamed(JsonObject statement) =>
        string.Join(Apart, statement.Where(member => member.Key != "Sid").OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}={member.Value?.ToJsonString()}"));

    private static JsonArray? Statements(JsonNode document)
    {
        try
        {
            var root = document is JsonValue value ? JsonNode.Parse(value.GetValue<string>()) : document;
            return root?["Statement"] switch
            {
                JsonArray many => many,
                JsonObject one => new JsonArray(one.DeepClone()),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Of(JsonObject statement, bool anyoneOnly)
    {
        if (!string.Equals(statement["Effect"]?.ToString(), "Allow", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        var condition = statement["Condition"];
        var principals = Principals(statement);
        if (anyoneOnly)
        {
            principals = IsNarrowed(condition) ? [] : principals.Where(principal => principal is "*" or "not");
        }

        return from principal in principals
               from action in Named(statement, "Action", "NotAction")
               from resource in Named(statement, "Resource", "NotResource")
               select string.Join(Apart, principal, action.ToLowerInvariant(), resource, condition?.ToJsonString() ?? "");
    }

    // Kinds of principal (AWS, Service, Federated) count as part of the name, but anybody is anybody.
    private static IEnumerable<string> Principals(JsonObject statement) =>
        statement["NotPrincipal"] is not null ? ["not"]
        : statement["Principal"] switch
        {
            null => ["self"],
            JsonObject kinds => kinds.SelectMany(kind => Texts(kind.Value).Select(name => name == "*" ? "*" : $"{kind.Key}:{name}")),
            var named => Texts(named),
        };

    private static IEnumerable<string> Named(JsonObject statement, string name, string not) =>
        statement[not] is { } except ? [$"!{except.ToJsonString()}"] : statement[name] is { } named ? Texts(named) : ["*"];

    private static IEnumerable<string> Texts(JsonNode? node) => node is JsonArray many ? many.Select(item => item?.ToString() ?? "") : [node?.ToString() ?? ""];

    private static bool IsNarrowed(JsonNode? condition) =>
        condition is JsonObject operators && operators.Where(test => !test.Key.Contains("not", StringComparison.OrdinalIgnoreCase) && !test.Key.EndsWith("IfExists", StringComparison.OrdinalIgnoreCase)
                && !test.Key.StartsWith("ForAllValues", StringComparison.OrdinalIgnoreCase) && !test.Key.Equals("Null", StringComparison.OrdinalIgnoreCase))
            .SelectMany(test => test.Value as JsonObject ?? [])
            .Any(key => (NarrowingKeys.Contains(key.Key.ToLowerInvariant()) && Texts(key.Value).All(text => text is not ("*" or "")))
                || (key.Key.Equals("aws:SourceIp", StringComparison.OrdinalIgnoreCase) && Texts(key.Value).All(text => !OpenAddress.Is(text))));

    private static bool Covers(string then, string now) =>
        then == now || (!now.StartsWith('!') && !then.StartsWith('!') && FileSystemName.MatchesSimpleExpression(then, now, ignoreCase: false));
}
