using System.Globalization;

namespace McpInfra.Tools.Proposals.Forges.GitHub;

/// <summary>Addresses of requests that Octokit has no fitting method for, relative to the API's base and built from escaped parts.</summary>
internal static class ApiUrls
{
    public static Uri Tree(string owner, string name) => new($"repos/{Uri.EscapeDataString(owner)}/{Uri.EscapeDataString(name)}/git/trees", UriKind.Relative);

    public static Uri AccessTokens(long installation) => new($"app/installations/{installation.ToString(CultureInfo.InvariantCulture)}/access_tokens", UriKind.Relative);
}
