using Xunit;

namespace McpInfra.Attacks.HostileRepositories;

/// <summary>Hostile repositories through a real client of the built server: each is stopped by the layer that its row names, and nothing comes out.</summary>
public sealed class A_hostile_repository(HostileWorld world)
{
    public static TheoryData<string> Names => [.. HostileWorld.All.Select(hostile => hostile.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Is_stopped_where_its_row_says(string name)
    {
        var hostile = HostileWorld.All.Single(one => one.Name == name);
        var outcome = await world.RunAsync(hostile);
        Assert.True(Canary.In(outcome.Said) is null, $"A canary came out, {Canary.In(outcome.Said)}:\n{outcome.Said}");
        Assert.True(outcome.Said.Contains(hostile.Says, StringComparison.Ordinal), $"Another layer than {hostile.Layer} answered, for it did not say {hostile.Says}:\n{outcome.Said}");
        Assert.Empty(world.Owned);
        Assert.Equal(0, world.Reached);
    }

    [Fact]
    public void Comes_in_many_kinds_for_every_layer()
    {
        Assert.InRange(HostileWorld.All.Count, 40, 1000);
        Assert.Equal(HostileWorld.All.Count, HostileWorld.All.Select(hostile => hostile.Name).Distinct().Count());
        Assert.Equal(Enum.GetValues<Layer>(), HostileWorld.All.Select(hostile => hostile.Layer).Distinct());
    }
}

/// <summary>What is left when all of them have run.</summary>
public sealed class After_every_hostile_repository(HostileWorld world)
{
    [Fact]
    public async Task Nothing_ran_on_the_host_nothing_was_written_and_nothing_went_out()
    {
        await Task.WhenAll(HostileWorld.All.Select(world.RunAsync));
        Assert.Empty(world.Owned);
        Assert.Equal(0, world.Reached);
        Assert.All(world.Listed, request => Assert.StartsWith("GET ", request, StringComparison.Ordinal));
        Assert.All(world.Listed, request => Assert.Null(Canary.In(request)));
        Assert.Equal(world.Before, world.Untouched);
        Assert.False(HostProcesses.Run("marigold-left-behind"));
        Assert.False(HostProcesses.Run("marigold-waits"));
    }
}
