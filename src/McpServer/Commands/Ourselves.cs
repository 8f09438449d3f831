namespace McpInfra.Host.Commands;

/// <summary>How this program is started again.</summary>
public static class Ourselves
{
    /// <summary>The program and its first arguments: the executable, or `dotnet` and the assembly.</summary>
    public static IReadOnlyList<string> Command
    {
        get
        {
            var assembly = Path.Combine(AppContext.BaseDirectory, "mcp-infra.dll");
            var process = Environment.ProcessPath ?? "dotnet";
            return Path.GetFileNameWithoutExtension(process) == "dotnet" && File.Exists(assembly) ? [process, assembly] : [process];
        }
    }
}
