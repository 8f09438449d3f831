using System.Collections.Frozen;
using System.Text.RegularExpressions;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Graph.Collectors.Gcp;

/// <summary>A full resource name (`//compute.googleapis.com/projects/…`), whichever way it was written.</summary>
/// <param name="Full">The full name.</param>
/// <param name="Type">The asset type where the name tells it; else empty.</param>
internal sealed partial record GcpName(string Full, string Type)
{
    private const string Compute = "//compute.googleapis.com/";
    private const string ComputeLink = "https://www.googleapis.com/compute/v1/";

    // What a name of the collection means; `-` for one that is a fact and no resource.
    private static readonly FrozenDictionary<string, string> Collections = EmbeddedTable.Rows("Gcp", "collections.txt").ToFrozenDictionary(row => row[0], row => row[1], StringComparer.Ordinal);

    /// <summary>The id by which a resource of a full name is known: the link that Compute Engine and Terraform use, else the full name itself.</summary>
    public static string IdOf(string full) => full.StartsWith(Compute, StringComparison.Ordinal) ? ComputeLink + full[Compute.Length..] : full;

    /// <summary>What a text inside a configuration names; null for a text that names nothing.</summary>
    public static GcpName? Of(string text)
    {
        if (ServiceAccount().IsMatch(text))
        {
            return new GcpName(text.StartsWith("serviceAccount:", StringComparison.Ordinal) ? text["serviceAccount:".Length..] : text, "iam.googleapis.com/ServiceAccount");
        }

        var full = FullOf(text);
        if (full is null || full.Split('/') is not [_, _, var host, .. var path] || path.Length < 2)
        {
            return null;
        }

        var type = Collections.GetValueOrDefault($"{host}/{path[^2]}") ?? "";
        return type == "-" ? null : new GcpName(full, type);
    }

    private static string? FullOf(string text)
    {
        if (text.StartsWith("//", StringComparison.Ordinal))
        {
            return text.Contains(".googleapis.com/", StringComparison.Ordinal) ? text : null;
        }

        if (Link().Match(text) is { Success: true } link)
        {
            return $"//{(link.Groups[1].Success ? "compute.googleapis.com" : link.Groups[2].Value)}/{link.Groups[3].Value}";
        }

        return Relative().Match(text) is not { Success: true } relative ? null
            : relative.Groups["key"].Success ? $"//cloudkms.googleapis.com/{relative.Groups["key"].Value}"
            : relative.Groups["compute"].Success ? Compute + text
            : relative.Groups["topic"].Success ? $"//pubsub.googleapis.com/{text}"
            : $"//secretmanager.googleapis.com/{relative.Groups["secret"].Value}";
    }

    [GeneratedRegex(@"^(serviceAccount:)?[a-z0-9-]{1,64}@([a-z0-9.-]{1,80}\.iam|developer|appspot|cloudservices)\.gserviceaccount\.com\z")]
    private static partial Regex ServiceAccount();

    [GeneratedRegex(@"^https://(?:(?:(?:www|compute)\.googleapis\.com/(compute)/(?:v1|beta|alpha))|(?:([a-z-]{2,40}\.googleapis\.com)/v[0-9][a-z0-9]*))/(projects/[^?#]{1,900})\z")]
    private static partial Regex Link();

    [GeneratedRegex(@"^(?:(?<key>projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+)(?:/cryptoKeyVersions/[^/]+)?|(?<compute>projects/[^/]+/(?:global|zones/[^/]+|regions/[^/]+)/[a-zA-Z]+/[^/]+)|(?<topic>projects/[^/]+/(?:topics|subscriptions)/[^/]+)|(?<secret>projects/[^/]+/secrets/[^/]+)(?:/versions/[^/]+)?)\z")]
    private static partial Regex Relative();
}
