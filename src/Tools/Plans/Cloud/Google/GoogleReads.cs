using McpInfra.Tools.Plans.Cloud.Aws;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Google;

/// <summary>The reviewed table of what may be read of Google Cloud. What it does not name is refused.</summary>
internal sealed class GoogleReads
{
    private readonly CloudTable table = CloudTable.Shipped("Google.reads.txt", StringComparer.Ordinal, "service", "get", "post", "images", "never");
    private readonly IReadOnlyList<SecretForm> answers = SecretForm.Shipped("Google.answers.txt", StringComparison.Ordinal);
    private readonly HashSet<string> services;
    private readonly HashSet<string> get;
    private readonly HashSet<string> post;
    private readonly HashSet<string> images;
    private readonly HashSet<(string Service, string Part)> never;

    private GoogleReads()
    {
        (services, get, post, images) = (table.Words("service"), table.Words("get"), table.Words("post"), table.Words("images"));
        never = [.. table.Each("never").SelectMany(words => words.Skip(1).Select(part => (words[0], part.ToLowerInvariant())))];
    }

    /// <summary>The table that ships.</summary>
    public static GoogleReads Shipped { get; } = new();

    /// <summary>Services that may be asked.</summary>
    public IReadOnlyCollection<string> Services => services;

    /// <summary>Parts of a service's paths that are never read; `*` is every service.</summary>
    public IReadOnlyCollection<(string Service, string Part)> Never => never;

    /// <summary>A hash of the tables.</summary>
    public string Mark => table.Mark + SecretForm.Mark(answers);

    /// <summary>Fields of answers that may hold secrets.</summary>
    public CleanedFields Cleaned => table.Cleaned;

    /// <summary>Whether it is of a project of public images, which is readable whatever project the credential is pinned to.</summary>
    public bool IsOfImages(string service, RequestPath path, string project) => service == "compute" && images.Contains(project) && path.Segments.Contains("images");

    /// <summary>What a request asks.</summary>
    /// <param name="service">The service of its host.</param>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Its path and query.</param>
    public BearerAsked Judge(string service, string method, RequestPath path)
    {
        var last = path.Segments.Count == 0 ? "" : path.Segments[^1];
        var verb = IsObject(service, path) || last.LastIndexOf(':') is not (var colon and >= 0) ? null : last[(colon + 1)..];
        var kind = path.Segments.Where(segment => !segment.Contains(':', StringComparison.Ordinal)).LastOrDefault(segment => segment.All(char.IsAsciiLetter) && segment.Length > 1) ?? "";
        var asked = new CloudAction(service, "", $"{(kind.Length is > 0 and <= 64 ? kind + "." : "")}{(verb is { Length: <= 64 } ? verb : method.ToLowerInvariant())}", "/" + string.Join('/', path.Segments));
        var plain = string.Join('/', path.Segments);
        var secret = plain.IndexOf("projects/", StringComparison.Ordinal) is var start and >= 0 ? SecretForm.Find(answers, method, plain[start..], id => id.Split('/') is [.., var collection, _] ? $"{service}/{collection}" : null) : null;
        return new BearerAsked(asked, service, path, Fault(service, method, path, verb))
        {
            // `latest` is no version's name, and one that was destroyed has no secret: the cloud says which it is.
            Secret = secret is not null && verb == "access" ? secret with { Named = "/" + string.Join('/', path.Segments.SkipLast(1).Append(last[..^":access".Length]).Select(Uri.EscapeDataString)) } : secret,
        };
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
}
