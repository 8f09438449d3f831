using McpInfra.Tools.Sandbox;
using Xunit;

namespace McpInfra.Tools.Tests.Sandbox;

/// <summary>What the machine must have for a test, else it is skipped by name.</summary>
internal static class Needs
{
    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<Bubblewrap> BubblewrapAsync()
    {
        var bubblewrap = new Bubblewrap(OwnProgram.Locate());
        var readiness = await bubblewrap.ProbeAsync(Stop);
        Assert.SkipUnless(readiness.Ready, $"needs bubblewrap: {readiness.Remedy}");
        return bubblewrap;
    }
}
