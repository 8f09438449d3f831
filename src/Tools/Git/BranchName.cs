using System.Text.RegularExpressions;

namespace McpInfra.Tools.Git;

/// <summary>Names of our own branches: `agent/{agent-type}/{reference}/{suffix}`, of safe characters only.</summary>
public static partial class BranchName
{
    private const int MostReference = 48;

    /// <summary>The branch of a proposal; what is not a letter, digit or hyphen becomes a hyphen.</summary>
    public static string Of(string agent, string reference, string digest) => $"agent/{Slug(agent, "agent")}/{Slug(reference, "change")}/{Slug(digest, "plan")[..Math.Min(12, Slug(digest, "plan").Length)]}";

    /// <summary>Whether it is the name of one of our branches, in its exact form.</summary>
    public static bool IsOurs(string branch) => Form().IsMatch(branch);

    private static string Slug(string text, string otherwise)
    {
        var slug = Runs().Replace(text.ToLowerInvariant(), "-").Trim('-');
        slug = (slug.Length > MostReference ? slug[..MostReference] : slug).Trim('-');
        return slug.Length == 0 ? otherwise : slug;
    }

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Runs();

    [GeneratedRegex(@"\Aagent(/[a-z0-9](-?[a-z0-9])*){3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
