using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Escapes;
using Xunit;

namespace McpInfra.Tools.Tests.Sandbox;

/// <summary>Every way out that doctor tries, from a whole cage and from one with a layer left out: what the layer held gets out, and nothing else does.</summary>
public sealed class A_break_out : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mcp-infra-breakout-").FullName;

    [Fact]
    public async Task Of_a_whole_cage_fails_in_every_way()
    {
        var tried = await TryAsync(CageLayers.None);
        Assert.DoesNotContain(tried, attempt => !attempt.Held);
        Assert.InRange(tried.Count, 24, 100);
    }

    [Fact]
    public async Task Without_the_filter_reaches_parts_of_the_kernel_but_no_file_process_or_network()
    {
        var got = await GotOutAsync(CageLayers.Filter);
        Assert.Contains("open rings to the kernel", got);
        Assert.Subset(
            new HashSet<string>
            {
                "gain rights", "trace another process", "make or enter namespaces", "use the kernel's keys", "load programs or count events in the kernel", "open rings to the kernel", "open files by handle",
                "mount, or change its root", "load modules or another kernel", "type into the server's terminal", "change personality, clock or host name", "open a raw, packet, netlink, vsock or crypto socket",
            },
            got);
    }

    [Fact]
    public async Task Without_its_own_network_reaches_the_hosts_and_still_nothing_worth_sending()
    {
        var got = await GotOutAsync(CageLayers.Network);
        Assert.Contains("reach the host's loopback", got);
        Assert.Subset(
            new HashSet<string> { "reach the host's loopback", "reach the cloud's metadata", "reach the internet", "reach a socket of the host by its abstract name", "knock at the host unseen" }, got);
    }

    [Fact]
    public async Task Without_its_own_processes_sees_them_and_still_reads_none()
    {
        var got = await GotOutAsync(CageLayers.Processes);
        Assert.Subset(new HashSet<string> { "see or signal processes of the host", "leave a process behind" }, got);
    }

    [Fact]
    public async Task Without_its_own_user_is_a_root_that_can_do_nothing()
    {
        var got = await GotOutAsync(CageLayers.User);
        Assert.Subset(new HashSet<string> { "gain rights", "start processes without end" }, got);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<HashSet<string>> GotOutAsync(CageLayers without) => [.. (await TryAsync(without)).Where(attempt => !attempt.Held).Select(attempt => attempt.Name)];

    private async Task<IReadOnlyList<EscapeResult>> TryAsync(CageLayers without)
    {
        await Needs.BubblewrapAsync();
        return await new Breakout(new Bubblewrap(OwnProgram.Locate(), without: without), folder).RunAsync(Needs.Stop);
    }
}
