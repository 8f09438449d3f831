using McpInfra.Tools.Plans.Cloud.Aws;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Azure;

/// <summary>The reviewed table of what may be read of Azure's resource management. What it does not name is refused.</summary>
internal sealed class AzureReads
{
    private readonly CloudTable table = CloudTable.Shipped("Azure.reads.txt", StringComparer.OrdinalIgnoreCase, "namespace", "tenant", "post", "never", "without");
    private readonly IReadOnlyList<SecretForm> answers = SecretForm.Shipped("Azure.answers.txt", StringComparison.OrdinalIgnoreCase);
    private readonly HashSet<string> namespaces;
    private readonly HashSet<string> tenant;
    private readonly HashSet<string> post;
    private readonly HashSet<string> never;

    private AzureReads() => (namespaces, tenant, post, never) = (table.Words("namespace"), table.Words("tenant"), table.Words("post"), table.Words("never"));

    /// <summary>The table that ships.</summary>
    public static AzureReads Shipped { get; } = new();

    /// <summary>Types and actions that are never read: those with a `/` are of one provider, the others of whichever.</summary>
    public IReadOnlyCollection<string> Never => never;

    /// <summary>Actions that are posted and only answer a question.</summary>
    public IReadOnlyCollection<string> Post => post;

    /// <summary>A hash of the tables.</summary>
    public string Mark => table.Mark + SecretForm.Mark(answers);

    /// <summary>Fields of answers that may hold secrets.</summary>
    public CleanedFields Cleaned => table.Cleaned;

    /// <summary>The target, or where there is one, that of the same read without its secrets.</summary>
    public string WithoutSecrets(string method, string target)
    {
        var path = target.Split('?')[0];
        return method == "GET" && table.Each("without").FirstOrDefault(words => path.EndsWith(words[0], StringComparison.OrdinalIgnoreCase)) is { } words ? path[..^words[0].Length] + words[1] + target[path.Length..] : target;
    }

    /// <summary>What a request asks.</summary>
    public BearerAsked Judge(string method, RequestPath path)
    {
        var asked = Asked(method, path.Segments);
        return new BearerAsked(asked, asked.Service, path, Fault(method, path)) { Secret = SecretForm.Find(answers, method, "/" + string.Join('/', path.Segments), id => TypeOf([.. id.Split('/').Skip(1)])) };
    }

    /// <summary>The read of a secret that a request to a vault is; null when it is none.</summary>
    public SecretRead? OfVault(string method, string host, RequestPath path) =>
        SecretForm.Find(answers, method, $"https://{host}/{string.Join('/', path.Segments)}", id => id.Split('/') is [_, _, _, var kind, _, ..] ? "vault/" + kind : null);

    /// <summary>The type that the path names last, such as `Microsoft.Network/virtualNetworks/subnets`; null for none.</summary>
    public static string? TypeOf(IReadOnlyList<string> segments) => TypesOf(segments).LastOrDefault();

    private static CloudAction Asked(string method, IReadOnlyList<string> segments)
    {
        var type = TypeOf(segments) ?? (segments.Count >= 3 ? $"Microsoft.Resources/{segments[^(segments.Count % 2 == 0 ? 2 : 1)]}" : "Microsoft.Resources/subscriptions");
        var slash = type.IndexOf('/', StringComparison.Ordinal);
        var verb = method switch
        {
            "GET" or "HEAD" => "read",
            "POST" => "action",
            "DELETE" => "delete",
            _ => "write",
        };
        return new CloudAction(slash < 0 ? type : type[..slash], "", slash < 0 ? verb : $"{type[(slash + 1)..]}/{verb}", "/" + string.Join('/', segments));
    }

    private string? Fault(string method, RequestPath path)
    {
        var at = path.Segments;
        if (method is not ("GET" or "HEAD" or "POST"))
        {
            return "it would change something";
        }

        if (method == "POST" && !IsQuestion(path))
        {
            return "an action that is posted may hand out keys or change something; this one is no reviewed read";
        }

        if (!(at.Count >= 2 && (Is(at[0], "subscriptions") || Is(at[0], "providers"))))
        {
            return "it is neither of the pinned subscription nor of a resource provider";
        }

        if (TypesOf(at).Any(type => never.Contains(type) || never.Contains(type[(type.LastIndexOf('/') + 1)..])))
        {
            return "it hands out keys, secrets, content, or a way in";
        }

        var of = at.Select((segment, index) => (segment, index)).Where(pair => Is(pair.segment, "providers") && pair.index + 1 < at.Count).Select(pair => at[pair.index + 1]).ToList();
        return Is(at[0], "providers") && !tenant.Contains(at[1]) ? "it is of the tenant and not of the subscription"
            : of.FirstOrDefault(one => !namespaces.Contains(one)) is not null ? "its resource provider is not in the reviewed table"
            : of.Count == 0 && !IsOfResources(at) ? "it is not in the reviewed table"
            : path.Query.Any(pair => pair.Name.Equals("$expand", StringComparison.OrdinalIgnoreCase) && pair.Value.Contains("key", StringComparison.OrdinalIgnoreCase)) ? "it hands out keys, secrets, content, or a way in"
            : null;
    }

    // Of a subscription, or of a location in it, and with nothing in its query but the version.
    private bool IsQuestion(RequestPath path)
    {
        var at = path.Segments;
        return at.Count is 5 or 7 && Is(at[0], "subscriptions") && Is(at[2], "providers") && (at.Count == 5 || Is(at[4], "locations"))
            && post.Contains(string.Join('/', at.Count == 5 ? [at[3], at[4]] : [at[3], at[4], at[6]])) && path.Query.All(pair => pair.Name == "api-version");
    }

    // Of the subscription itself: it, its groups, its locations, its providers, its tags, and its resources by filter.
    private static bool IsOfResources(IReadOnlyList<string> at) =>
        Is(at[0], "subscriptions") && (at.Count == 2 || at[2].ToLowerInvariant() is "resourcegroups" or "locations" or "providers" or "tagnames" or "resources");

    private static IEnumerable<string> TypesOf(IReadOnlyList<string> at)
    {
        for (var index = 0; index + 1 < at.Count; index++)
        {
            if (!Is(at[index], "providers"))
            {
                continue;
            }

            var type = at[index + 1];
            for (var next = index + 2; next < at.Count && !Is(at[next], "providers"); next += 2)
            {
                type += "/" + at[next];
                yield return type;
            }
        }
    }

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
