using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Redaction;
using McpInfra.Tools.Plans.Cloud.Aws;
using McpInfra.Tools.Plans.State;

namespace McpInfra.Tools.Plans.Cloud;

/// <summary>
/// What must not come into a run from a cloud: the values that are tokens in its state, and what looks like a secret. One value has one token, wherever it comes from.
/// </summary>
public sealed class RunSecrets
{
    private readonly SecretText text;
    private readonly KnownSecrets known;
    private readonly Lock gate = new();
    private readonly Lazy<IReadOnlyList<(string Type, JsonObject Attributes)>> instances;
    private readonly Lazy<HashSet<string>> accounts;

    /// <param name="tokens">The organisation's tokens.</param>
    /// <param name="state">The state as the run sees it.</param>
    public RunSecrets(SecretTokens tokens, SanitizedState state)
    {
        known = state.Known;
        text = new SecretText(tokens, known, state.Originals);
        instances = new(() => [.. Instances(state.Bytes)]);
        accounts = new(() => instances.Value.SelectMany(instance => NamedAccounts.Of(instance.Attributes)).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>AWS accounts that the state's resources are in or refer to.</summary>
    public IReadOnlySet<string> Accounts => accounts.Value;

    /// <summary>Whether the state has values that became tokens.</summary>
    public bool HasKnown => !known.IsEmpty;

    /// <summary>The token of a value that is a secret for sure.</summary>
    public string Token(string value)
    {
        lock (gate)
        {
            return value.Length == 0 || SecretTokens.IsToken(value) ? value : text.Token(value);
        }
    }

    /// <summary>The value with what is a secret of the state, or looks like a secret, replaced.</summary>
    public string Clean(string name, string value)
    {
        lock (gate)
        {
            return text.Clean(name, value);
        }
    }

    /// <summary>The text with every secret of the state replaced.</summary>
    public string WithoutKnown(string value)
    {
        lock (gate)
        {
            return known.Replace(value, text.Token);
        }
    }

    /// <summary>An attribute of the first resource or data source of the type in the state that fits; null for none.</summary>
    public string? Find(string type, Func<Func<string, string?>, bool> fits, string attribute) => instances.Value
        .Where(instance => instance.Type == type && fits(name => Text(instance.Attributes, name)))
        .Select(instance => Text(instance.Attributes, attribute)).FirstOrDefault(text => text is { Length: > 0 });

    /// <summary>The first resource or data source of the type in the state that fits; null for none. Its secrets are tokens.</summary>
    internal JsonObject? Instance(string type, Func<Func<string, string?>, bool> fits) =>
        instances.Value.FirstOrDefault(instance => instance.Type == type && fits(name => Text(instance.Attributes, name))).Attributes;

    /// <summary>What an attribute says in resources and data sources of the state, by their type.</summary>
    public IEnumerable<string> All(Func<string, bool> type, string attribute) => instances.Value.Where(instance => type(instance.Type)).Select(instance => Text(instance.Attributes, attribute)).OfType<string>();

    private static IEnumerable<(string, JsonObject)> Instances(byte[] state) =>
        from resource in JsonNode.Parse(state, documentOptions: new JsonDocumentOptions { MaxDepth = 256 })?["resources"] as JsonArray ?? []
        from instance in resource?["instances"] as JsonArray ?? []
        where instance?["attributes"] is JsonObject && resource!["type"] is JsonValue
        select (resource["type"]!.GetValue<string>(), (JsonObject)instance!["attributes"]!);

    private static string? Text(JsonObject attributes, string name) => attributes[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
