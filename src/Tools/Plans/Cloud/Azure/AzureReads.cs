using System.Security.Cryptography;
using System.Text;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Azure;

/// <summary>The reviewed table of what may be read of Azure's resource management. What it does not name is refused.</summary>
public sealed class AzureReads
{
    private readonly HashSet<string> namespaces = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> segments = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> types = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> tenant = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> post = new(StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> always = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> shaped = new(StringComparer.OrdinalIgnoreCase);

    private AzureReads(string table)
    {
        Mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(table)));
        foreach (var words in table.Split('\n').Select(line => line.Split('#')[0].Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 0))
        {
            var into = words[0] switch
            {
                "namespace" => namespaces,
                "tenant" => tenant,
                "post" => post,
                "never" => words[1].Contains('/', StringComparison.Ordinal) ? types : segments,
                "always" => always,
                "shaped" => shaped,
                _ => throw new InvalidDataException("The table of Azure's reads has a line of an unknown kind."),
            };
            into.UnionWith(words.Skip(1));
        }
    }

    /// <summary>The table that ships.</summary>
    public static AzureReads Shipped { get; } = new(CloudTable.Read("Azure.reads.txt"));

    /// <summary>Resource providers whose settings may be read.</summary>
    public IReadOnlyCollection<string> Namespaces => namespaces;

    /// <summary>Types and actions that are never read, whoever provides them.</summary>
    public IReadOnlyCollection<string> Segments => segments;

    /// <summary>Types that are never read.</summary>
    public IReadOnlyCollection<string> Types => types;

    /// <summary>Actions that are posted and only answer a question.</summary>
    public IReadOnlyCollection<string> Post => post;

    /// <summary>A hash of the table.</summary>
    public string Mark { get; }

    /// <summary>Fields of answers that are always replaced.</summary>
    public IReadOnlySet<string> Always => always;

    /// <summary>Fields of answers that are replaced when they look like a secret.</summary>
    public IReadOnlySet<string> Shaped => shaped;

    /// <summary>What a request asks, and why it may not; null when it may.</summary>
    internal (CloudAction Asked, string? Fault) Judge(string method, RequestPath path, string subscription)
    {
        var asked = Asked(method, path.Segments);
        return (asked, Fault(method, path, subscription));
    }

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

    private string? Fault(string method, RequestPath path, string subscription)
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

        if (at.Count >= 2 && Is(at[0], "subscriptions") && !Is(at[1], subscription))
        {
            return "it is of another subscription than the credential is pinned to";
        }

        if (!(at.Count >= 2 && (Is(at[0], "subscriptions") || Is(at[0], "providers"))))
        {
            return "it is neither of the pinned subscription nor of a resource provider";
        }

        if (TypesOf(at).Any(type => types.Contains(type) || segments.Contains(type[(type.LastIndexOf('/') + 1)..])))
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
