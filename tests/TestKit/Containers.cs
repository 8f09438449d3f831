using McpInfra.Tools.Sandbox;

namespace McpInfra.TestKit;

/// <summary>A container engine that runs on this machine.</summary>
public static class Containers
{
    private static readonly Lazy<Task<(Container Found, SandboxReadiness Readiness)>> Here = new(FindAsync);

    /// <summary>The second kind of cage; skips where no engine can start a container, with the engine's reason.</summary>
    public static async Task<Container> ReadyAsync()
    {
        var (found, readiness) = await Here.Value;
        return readiness.Ready ? found : throw Skip.Because(readiness.Remedy);
    }

    private static async Task<(Container Found, SandboxReadiness Readiness)> FindAsync()
    {
        Skip.UnlessFound("podman");
        var container = new Container(OwnProgram.Locate());
        var readiness = await container.ProbeAsync(CancellationToken.None);
        if (!readiness.Ready && Environment.GetEnvironmentVariable("CONTAINERS_CONF") is null && Skip.Find("runc") is not null)
        {
            // Debian's crun refuses control groups of both versions, and overlays do not lie on overlays: so with runc and plain folders, for this process and its servers.
            Environment.SetEnvironmentVariable("CONTAINERS_CONF", await WriteAsync("containers.conf", "[engine]\nruntime = \"runc\"\n"));
            Environment.SetEnvironmentVariable("CONTAINERS_STORAGE_CONF", await WriteAsync("storage.conf", $"[storage]\ndriver = \"vfs\"\ngraphroot = \"{Storage}/graph\"\nrunroot = \"{Storage}/run\"\n"));
            readiness = await container.ProbeAsync(CancellationToken.None);
        }

        return (container, readiness);
    }

    private static string Storage => Path.Combine(Path.GetTempPath(), $"containers-of-{Environment.UserName}");

    private static async Task<string> WriteAsync(string name, string text)
    {
        var file = Path.Combine(AppContext.BaseDirectory, name);
        await File.WriteAllTextAsync(file, text);
        return file;
    }
}
