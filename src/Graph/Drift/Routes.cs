namespace McpInfra.Graph.Drift;

/// <summary>Routes as lines: `0.0.0.0/0 via nat-1`.</summary>
internal static class Routes
{
    private const string Blackhole = " (blackhole)";

    /// <summary>Whether somebody made it: the network's own, those of gateway endpoints and those that were propagated come by themselves.</summary>
    public static bool IsMadeByPeople(string route) =>
        !route.Contains(" via local", StringComparison.Ordinal) && !route.Contains(" via vgw-", StringComparison.Ordinal) && !(route.StartsWith("pl-", StringComparison.Ordinal) && route.Contains(" via vpce-", StringComparison.Ordinal));

    /// <summary>The route without what only a cloud knows of it.</summary>
    public static string Plain(string route) => route.EndsWith(Blackhole, StringComparison.Ordinal) ? route[..^Blackhole.Length] : route;
}
