using System.Globalization;
using McpInfra.Graph.Queries;

namespace McpInfra.Tools.Resources;

/// <summary>How fresh the graph is, in our own words. Names of sources, types and regions are the operator's and the provider's.</summary>
internal static class FreshnessNote
{
    private const int MostNamed = 5;

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + "Z";

    private static string Whose(StaleScope scope) => scope switch
    {
        { Accounts: 0 } => "",
        { Accounts: > 1 } => $" ({scope.Accounts} accounts)",
        { Account: StaleScope.NoAccount } => " (what is of no account)",
        _ => $" (account {scope.Account})",
    };

    public static string Of(Freshness freshness)
    {
        if (freshness.TakenAt is { } taken)
        {
            return $"**The store cannot be reached**: this is its snapshot of {Minute(taken)}{(freshness.AsOf is { } oldest ? $", of sources read {Minute(oldest)} or later" : "")}; texts, configuration, code and findings are not in it.";
        }

        if (freshness.AsOf is not { } time)
        {
            return "The graph is empty: no source has been scanned. Run `mcp-infra scan`.";
        }

        var unread = freshness.Sources.Where(source => source.ScannedAt is null || source.FailedAt > source.ScannedAt).Select(source => $"{source.Name} (could not be read)");
        var stale = freshness.Stale.Select(scope => $"{scope.Type} {scope.Region}".TrimEnd() + $" of {scope.Source}{Whose(scope)}");
        var notes = unread.Concat(stale).ToList();
        var shown = string.Join(", ", notes.Take(MostNamed)) + (notes.Count > MostNamed ? $" and {notes.Count - MostNamed} more" : "");
        return $"Graph as of {Minute(time)}{(notes.Count > 0 ? $"; stale: {shown}" : "")}.";
    }
}
