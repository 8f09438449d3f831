using Xunit;

namespace McpInfra.Tools.Tests.Plans.State;

public sealed class A_state_in_a_file
{
    private const string State = """{"version":4,"terraform_version":"1.5.0","serial":7,"lineage":"l","outputs":{},"resources":[]}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Is_read_also_while_a_person_holds_its_lock_and_that_is_told(bool held)
    {
        using var reading = new Reading(Reading.Code(""));
        await File.WriteAllTextAsync(Path.Combine(reading.Root, "terraform.tfstate"), State, TestContext.Current.CancellationToken);
        var info = Path.Combine(reading.Root, ".terraform.tfstate.lock.info");
        if (held)
        {
            await File.WriteAllTextAsync(info, """{"ID":"1","Operation":"OperationTypeApply","Who":"someone@host"}""", TestContext.Current.CancellationToken);
        }

        var state = await reading.StateAsync();
        Assert.Equal((7, held), ((int)state.Serial, state.Locked!.Value));
        Assert.Equal(held, File.Exists(info));
    }

    [Fact]
    public async Task Of_more_than_200_MB_is_refused_by_its_size_with_what_to_do()
    {
        using var reading = new Reading(Reading.Code(""));
        await using (var file = File.Create(Path.Combine(reading.Root, "terraform.tfstate")))
        {
            file.SetLength((200 << 20) + 1);
        }

        Assert.Equal("The stack's state is larger than 200 MB, which is more than is read. Split the stack, so that each part keeps a state of its own.", await reading.FaultAsync());
    }

    [Fact]
    public async Task Is_found_by_code_with_a_byte_order_mark_and_carriage_returns()
    {
        using var reading = new Reading("\uFEFF" + Reading.Code("  backend \"local\" {\n    path = \"kept/of the stack.tfstate\"\n  }").Replace("\n", "\r\n", StringComparison.Ordinal));
        Directory.CreateDirectory(Path.Combine(reading.Root, "kept"));
        await File.WriteAllTextAsync(Path.Combine(reading.Root, "kept", "of the stack.tfstate"), State, TestContext.Current.CancellationToken);
        Assert.Equal(7, (await reading.StateAsync()).Serial);
    }
}
