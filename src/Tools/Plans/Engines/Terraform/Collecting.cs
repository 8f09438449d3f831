namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>How often engine and providers collect garbage, as variables that Go reads: https://pkg.go.dev/runtime#hdr-Environment_Variables.</summary>
internal static class Collecting
{
    private const int LargeState = 20 << 20;
    private const long Most = 1L << 30;

    /// <summary>
    /// Seldom, for they read schemas of many megabytes and end soon: a plan takes a third less so. Together they come to three quarters of the memory before each collects all the time.
    /// A large state is all in use, and the engine's to hold.
    /// </summary>
    /// <param name="state">Bytes of the state.</param>
    /// <param name="configurations">Configurations of providers: each is a process of its own.</param>
    /// <param name="memory">Bytes that the run may have.</param>
    public static Dictionary<string, string> Of(long state, int configurations, long memory)
    {
        var usable = memory / 4 * 3;
        return state < LargeState ? Variables(600, Math.Min(Most, usable / (configurations + 1))) : Variables(100, usable);
    }

    private static Dictionary<string, string> Variables(int percent, long most) => new() { ["GOGC"] = FormattableString.Invariant($"{percent}"), ["GOMEMLIMIT"] = FormattableString.Invariant($"{most >> 20}MiB") };
}
