using System.Reflection;

namespace McpInfra.Host.Edge;

/// <summary>Which build this is.</summary>
public static class Release
{
    /// <summary>Its version without build metadata.</summary>
    public static string Version { get; } =
        typeof(Release).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
