namespace McpInfra.Tools.Sandbox;

/// <summary>The sandbox that the operator's configuration names.</summary>
public static class Sandboxes
{
    /// <exception cref="SandboxException">Our own executable cannot be found.</exception>
    public static ISandbox Of(SandboxKind kind, ContainerSettings? container = null)
    {
        var program = OwnProgram.Locate();
        return kind switch
        {
            SandboxKind.None => new Uncaged(program),
            SandboxKind.Container => new Container(program, container?.Engine ?? (OnPath("podman") ? "podman" : "docker"), container?.Image),
            _ => new Bubblewrap(program),
        };
    }

    private static bool OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name)));
}
