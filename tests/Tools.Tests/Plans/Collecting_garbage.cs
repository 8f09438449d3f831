using System.Globalization;
using McpInfra.Tools.Plans.Engines.Terraform;
using Xunit;

namespace McpInfra.Tools.Tests.Plans;

public sealed class Collecting_garbage
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    public void Leaves_engine_and_providers_room_together_in_what_a_run_may_have(int configurations)
    {
        var each = Most(Collecting.Of(state: 0, configurations, memory: 4L << 30));
        Assert.InRange(each * (configurations + 1), 1, 3 << 10);
        Assert.InRange(each, 1, 1 << 10);
    }

    [Fact]
    public void Never_begins_before_a_large_state_is_in_memory() => Assert.Equal(6 << 10, Most(Collecting.Of(state: 100 << 20, configurations: 9, memory: 8L << 30)));

    private static int Most(IReadOnlyDictionary<string, string> variables) => int.Parse(variables["GOMEMLIMIT"].Replace("MiB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
