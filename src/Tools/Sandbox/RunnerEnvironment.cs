namespace McpInfra.Tools.Sandbox;

/// <summary>The runner's own environment, which its steps do not get.</summary>
internal static class RunnerEnvironment
{
    public static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>
    {
        ["DOTNET_ROOT"] = "/dotnet",
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_GCHeapHardLimit"] = "0x20000000",
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_BUNDLE_EXTRACT_BASE_DIR"] = "/work/.bundle",
        ["TMPDIR"] = "/work",
    };
}
