using McpInfra.Guardrails.Audit;
using Xunit;

namespace McpInfra.Guardrails.Tests.Audit;

public sealed class Reading : IDisposable
{
    private readonly ScratchFolder state = new();

    public void Dispose() => state.Dispose();

    [Fact]
    public async Task Merges_all_writers_in_the_order_of_time()
    {
        var time = new ManualTime();
        await using (var one = AuditTrail.Open(state.Path, time))
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await using var two = AuditTrail.Open(state.Path, time);
            foreach (var (trail, number) in new[] { one, two, one, two, two, one }.Select((trail, number) => (trail, number)))
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await trail.CallAsync($"call_{number}");
            }
        }

        Assert.Equal(
            ["call_0", "call_1", "call_2", "call_3", "call_4", "call_5"],
            AuditReader.Read(state.Path).Where(record => record.Kind == "begin").Select(record => record.Call));
    }

    [Fact]
    public async Task Filters_and_keeps_the_last()
    {
        await Trails.MakeAsync(state, 5);
        Assert.Equal(["call_4", "call_5"], AuditReader.Last(state.Path, 2, new AuditFilter(Outcome: "answered")).Select(record => record.Call));
        Assert.Equal(["begin", "end"], AuditReader.Read(state.Path, new AuditFilter(Call: "call_3")).Select(record => record.Kind));
        Assert.Empty(AuditReader.Read(state.Path, new AuditFilter(Person: "eve")));
        Assert.Empty(AuditReader.Read(state.Path, new AuditFilter(Operation: "propose_change")));
    }

    [Fact]
    public void Finds_nothing_where_there_is_no_trail() => Assert.Empty(AuditReader.Read(state.Path));
}
