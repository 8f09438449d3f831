using McpInfra.TestKit;
using McpInfra.Tools.Sandbox;
using Xunit;

namespace McpInfra.Tools.Tests.Sandbox;

/// <summary>What the machine must have for a test, else it is skipped by name.</summary>
internal static class Needs
{
    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A request with a shell, which real requests never have, and with its libraries where an image has none.</summary>
    public static SandboxRequest Shell(bool imaged) => new()
    {
        Binds = [new ReadOnlyBind("/usr/bin", "/usr/bin"), .. imaged ? [new ReadOnlyBind("/usr/lib", "/usr/lib")] : Array.Empty<ReadOnlyBind>()],
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin" },
        Limits = new SandboxLimits { Time = TimeSpan.FromSeconds(30), Processes = 100, Disk = 16 << 20, Memory = 1L << 30 },
    };

    /// <summary>A sandbox of a kind; a container's with all that it needs in its image, as it is where its engine is in a virtual machine, or with the host's shown in it.</summary>
    public static async Task<ISandbox> SandboxAsync(SandboxKind kind, bool imaged = false) =>
        imaged ? new Container(OwnProgram.Locate(), image: await ContainedImage.ReadyAsync(), onLinux: false)
        : kind is SandboxKind.Container ? await Containers.ReadyAsync()
        : await BubblewrapAsync();

    public static async Task<Bubblewrap> BubblewrapAsync()
    {
        var bubblewrap = new Bubblewrap(OwnProgram.Locate());
        var readiness = await bubblewrap.ProbeAsync(Stop);
        Assert.SkipUnless(readiness.Ready, $"needs bubblewrap: {readiness.Remedy}");
        return bubblewrap;
    }
}
