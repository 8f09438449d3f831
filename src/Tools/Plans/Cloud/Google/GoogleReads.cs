using System.Security.Cryptography;
using System.Text;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Google;

/// <summary>The reviewed table of what may be read of Google Cloud. What it does not name is refused.</summary>
public sealed class GoogleReads
{
    private readonly HashSet<string> services = new(StringComparer.Ordinal);
    private readonly HashSet<string> get = new(StringComparer.Ordinal);
    private readonly HashSet<string> post = new(StringComparer.Ordinal);
    private readonly HashSet<string> images = new(StringComparer.Ordinal);
    private readonly HashSet<(string Service, string Part)> never = [];

    private readonly HashSet<string> always = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> shaped = new(StringComparer.OrdinalIgnoreCase);

    private GoogleReads(string table)
    {
        Mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(table)));
        foreach (var words in table.Split('\n').Select(line => line.Split('#')[0].Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 0))
        {
            if (words[0] == "never")
            {
                never.UnionWith(words.Skip(2).Select(part => (words[1], part.ToLowerInvariant())));
                continue;
            }

            var into = words[0] switch
            {
                "service" => services,
                "get" => get,
                "post" => post,
                "images" => images,
                "always" => always,
                "shaped" => shaped,
                _ => throw new InvalidDataException("The table of Google's reads has a line of an unknown kind."),
            };
            into.UnionWith(words.Skip(1));
        }
    }

    /// <summary>The table that ships.</summary>
    public static GoogleReads Shipped { get; } = new(CloudTable.Read("Google.reads.txt"));

    /// <summary>Services that may be asked.</summary>
    public IReadOnlyCollection<string> Services => services;

    /// <summary>Parts of a service's paths that are never read; `*` is every service.</summary>
    public IReadOnlyCollection<(string Service, string Part)> Never => never;

    /// <summary>A hash of the table.</summary>
    public string Mark { get; }

    /// <summary>Fields of answers that are always replaced.</summary>
    public IReadOnlySet<string> Always => always;

    /// <summary>Fields of answers that are replaced when they look like a secret.</summary>
    public IReadOnlySet<string> Shaped => shaped;

    /// <summary>What a request asks, and why it may not; null when it may.</summary>
    /// <param name="service">The service of its host.</param>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Its path and query.</param>
    /// <param name="project">The pinned project; null for none.</param>
    internal (CloudAction Asked, string? Fault) Judge(string service, string method, RequestPath path, string? project)
    {
        var last = path.Segments.Count == 0 ? "" : path.Segments[^1];
        var verb = IsObject(service, path) || last.LastIndexOf(':') is not (var colon and >= 0) ? null : last[(colon + 1)..];
        var kind = path.Segments.Where(segment => !segment.Contains(':', StringComparison.Ordinal)).LastOrDefault(segment => segment.All(char.IsAsciiLetter) && segment.Length > 1) ?? "";
        var asked = new CloudAction(service, "", $"{(kind.Length is > 0 and <= 64 ? kind + "." : "")}{(verb is { Length: <= 64 } ? verb : method.ToLowerInvariant())}", "/" + string.Join('/', path.Segments));
        return (asked, Fault(service, method, path, verb) ?? Elsewhere(service, path, project));
    }

    private string? Fault(string service, string method, RequestPath path, string? verb)
    {
        if (!services.Contains(service))
        {
            return "the service is not in the reviewed table";
        }

        if (verb is null ? method is not ("GET" or "HEAD") : !(method == "GET" ? get : method == "POST" ? post : []).Contains(verb))
        {
            return verb is null ? "it would change something, or is no reviewed read" : "the custom method is no reviewed read";
        }

        var parts = Parts(service, path).Select(part => part.ToLowerInvariant()).ToList();
        if (parts.Any(part => never.Contains((service, part)) || never.Contains(("*", part))))
        {
            return "it hands out secrets, content, or what is stored, logged or queued";
        }

        if (service == "storage" && path.Segments is not ["storage", "v1", "b" or "projects", ..])
        {
            return "objects are never read, and buckets only by the JSON API";
        }

        if (path.Query.Any(pair => pair.Name.StartsWith('$') && pair.Name is not ("$alt" or "$fields" or "$prettyPrint")))
        {
            return "a system parameter could carry headers or another method";
        }

        return path.Query.Select(pair => (Name: pair.Name.TrimStart('$').ToLowerInvariant(), Value: pair.Value.ToLowerInvariant())).Any(pair =>
            pair.Name is "access_token" or "bearer_token" or "oauth_token" or "key" or "callback" or "quotauser" or "userip" or "upload_protocol" or "uploadtype" or "userproject" or "httpmethod"
            || (pair.Name == "alt" && pair.Value != "json") || (pair.Name is "view" or "projection" && pair.Value.Contains("sensitive", StringComparison.Ordinal)))
            ? "a parameter asks for content, brings an identity along, or bills another project"
            : null;
    }

    // The name of a stored object may hold anything, and is no part of the path.
    private static IEnumerable<string> Parts(string service, RequestPath path) => IsObject(service, path) ? path.Segments.Take(5).Concat(path.Segments.Skip(6)) : path.Segments;

    private static bool IsObject(string service, RequestPath path) => service == "storage" && path.Segments is ["storage", "v1", "b", _, "o", _, ..];

    private string? Elsewhere(string service, RequestPath path, string? project)
    {
        var at = path.Segments;
        var named = at.Select((segment, index) => (segment, index)).Where(pair => pair.segment == "projects" && pair.index + 1 < at.Count).Select(pair => at[pair.index + 1].Split(':')[0]);
        var asked = path.Query.Where(pair => pair.Name is "project" or "projectId" or "parent").Select(pair => pair.Value.StartsWith("projects/", StringComparison.Ordinal) ? pair.Value.Split('/')[1] : pair.Value);
        return project is null || named.Concat(asked).All(one => one == project || (service == "compute" && images.Contains(one) && at.Contains("images"))) ? null : "it is of another project than the credential is pinned to";
    }
}
