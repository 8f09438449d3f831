using McpInfra.TestKit;
using McpInfra.Tools.Sandbox;
using Xunit;

[assembly: AssemblyFixture(typeof(McpInfra.Attacks.HostileRepositories.ContainedWorld))]

namespace McpInfra.Attacks.HostileRepositories;

/// <summary>The attacks that meet the cage, on a server whose plans run in containers: the layers before it do not know which kind it is.</summary>
public sealed class A_hostile_repository_in_a_container(ContainedWorld world)
{
    public static TheoryData<string> Names => [.. ContainedWorld.Caged.Select(hostile => hostile.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Is_stopped_where_its_row_says(string name)
    {
        var hostile = world.Attacks.Single(one => one.Name == name);
        var outcome = await world.RunAsync(hostile);
        Assert.True(Canary.In(outcome.Said) is null, $"A canary came out, {Canary.In(outcome.Said)}:\n{outcome.Said}");
        Assert.True(outcome.Said.Contains(hostile.Says, StringComparison.Ordinal), $"Another layer than {hostile.Layer} answered, for it did not say {hostile.Says}:\n{outcome.Said}");
        Assert.Empty(world.Owned);
        Assert.Equal(0, world.Reached);
    }
}

/// <summary>A host full of canaries whose plans run in containers, and the attacks that get as far as the cage.</summary>
public sealed class ContainedWorld() : HostileWorld(SandboxKind.Container, Caged)
{
    private static readonly string[] Proxies = ["a tunnel to the attacker", "the metadata address as 169.254.169.254"];

    // Where they are stopped takes as long as the limit allows; A_container has limits that are soon passed.
    private static readonly string[] Slow = ["a provider that fills the disk", "a plan of many megabytes"];

    /// <summary>All that meet the cage or the pipe, and some that meet the proxy.</summary>
    public static IReadOnlyList<Hostile> Caged { get; } =
        [.. All.Where(hostile => (hostile.Layer is Layer.Cage or Layer.Pipe && !Slow.Contains(hostile.Name)) || Proxies.Contains(hostile.Name) || hostile.Name == "a provider that reads the state beside it")];
}
