using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;

namespace McpInfra.Host.Edge;

/// <summary>A resource URI, or a family of them, and the operation that answers for it: what denies the operation denies the resource.</summary>
/// <param name="Uri">The URI; at most one `{name}` stands for a percent-encoded value.</param>
/// <param name="Name">Its name in lists.</param>
/// <param name="Description">What it shows, told to the model.</param>
/// <param name="Kind">Kind of the operation.</param>
/// <param name="Operation">Name of the operation.</param>
/// <param name="Argument">The operation's argument that takes the value; null when there is none.</param>
public sealed record ResourceRoute(string Uri, string Name, string Description, OperationKind Kind, string Operation, string? Argument = null)
{
    /// <summary>What the contract promises: every resource by id, and the digest of policies.</summary>
    public static IReadOnlyList<ResourceRoute> Infra { get; } =
    [
        new("infra://resource/{id}", "resource", "One resource: configuration, relations, code, drift, findings, costs, owner. The id is percent-encoded.", OperationKind.Tool, "describe_resource", "resource"),
        new("infra://resources", "resources", "All resources, page by page as every list: a cursor that an answer names goes on at ?cursor=; search_resources takes filters.", OperationKind.Tool, "search_resources"),
        new("infra://resources/type/{type}", "resources of a type", "Resources of one type (AWS::S3::Bucket, percent-encoded).", OperationKind.Tool, "search_resources", "type"),
        new("infra://resources/account/{account}", "resources of an account", "Resources of one account, subscription or project.", OperationKind.Tool, "search_resources", "account"),
        new("infra://resources/environment/{environment}", "resources of an environment", "Resources of one environment.", OperationKind.Tool, "search_resources", "environment"),
        new("infra://counts/{by}", "counts", "Counts by type, region, account, provider, environment, managed or tag:KEY.", OperationKind.Tool, "search_resources", "count_by"),
        new("infra://drift", "drift", "Resources whose cloud differs from the state that manages them, with the attributes that do.", OperationKind.Resource, "drifted_resources"),
        new("infra://costs", "costs", "What services cost by month and account, with what belongs to no resource of the graph.", OperationKind.Resource, "service_costs"),
        new("infra://changes", "changes", "What appeared, changed and went in the last seven days.", OperationKind.Tool, "list_changes"),
        new("infra://changes/since/{since}", "changes since", "What appeared, changed and went since a time (2026-01-31 or 36h).", OperationKind.Tool, "list_changes", "since"),
        new("infra://findings", "findings", "Open findings of all scanners, the most severe first.", OperationKind.Tool, "search_findings"),
        new("infra://findings/severity/{severity}", "findings of a severity", "Open findings of one severity: critical, high, medium, low or info.", OperationKind.Tool, "search_findings", "severity"),
        new("infra://findings/resource/{id}", "findings of a resource", "Open findings of one resource. The id is percent-encoded.", OperationKind.Tool, "search_findings", "resource"),
        new("infra://knowledge/{query}", "knowledge", "Passages of runbooks, decisions and READMEs by words.", OperationKind.Tool, "search_knowledge", "query"),
        new("infra://policy/digest", "policy digest", "The rules that decide here, in short.", OperationKind.Resource, "policy_digest"),
    ];

    private const string NextPage = "?cursor=";

    /// <summary>Media type of its text.</summary>
    public string MediaType { get; init; } = "text/markdown";

    /// <summary>Whether it stands for a family.</summary>
    public bool IsTemplate => Argument is not null;

    /// <summary>The operation's arguments for a URI of this route, or null when the URI is another's. What a tool answers goes on at `?cursor=`.</summary>
    public JsonElement? Match(string uri)
    {
        if (Kind is OperationKind.Tool && uri.Split(NextPage, 2) is [var first, { Length: > 0 } cursor])
        {
            return Arguments(first) is { } arguments ? JsonElements.Of(new JsonObject(arguments) { ["cursor"] = System.Uri.UnescapeDataString(cursor) }) : null;
        }

        return Arguments(uri) is { } plain ? JsonElements.Of(new JsonObject(plain)) : null;
    }

    private IEnumerable<KeyValuePair<string, JsonNode?>>? Arguments(string uri)
    {
        if (Argument is null)
        {
            return uri == Uri ? [] : null;
        }

        var (before, after) = (Uri[..Uri.IndexOf('{', StringComparison.Ordinal)], Uri[(Uri.IndexOf('}', StringComparison.Ordinal) + 1)..]);
        return uri.Length > before.Length + after.Length && uri.StartsWith(before, StringComparison.Ordinal) && uri.EndsWith(after, StringComparison.Ordinal)
            ? [KeyValuePair.Create(Argument, (JsonNode?)System.Uri.UnescapeDataString(uri[before.Length..^after.Length]))]
            : null;
    }
}
