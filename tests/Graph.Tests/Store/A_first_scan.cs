using Xunit;
using static McpInfra.Graph.Tests.GraphFixture;

namespace McpInfra.Graph.Tests.Store;

public sealed class A_first_scan : IDisposable
{
    private readonly GraphFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Is_shared_by_all_who_wait_and_runs_once()
    {
        var (scans, gate) = (0, new TaskCompletionSource());
        var graphs = new Graphs(fixture.Database, fixture.Snapshots, fixture.Clock, async _ =>
        {
            Interlocked.Increment(ref scans);
            await gate.Task;
        });
        var waiting = Enumerable.Range(0, 8).Select(_ => graphs.OpenAsync(Organization, CancellationToken.None).AsTask()).ToList();
        Assert.DoesNotContain(waiting, wait => wait.IsCompleted);
        gate.SetResult();
        await Task.WhenAll(waiting);
        await graphs.OpenAsync(Organization, CancellationToken.None);
        Assert.Equal(1, scans);
    }

    [Fact]
    public async Task Goes_on_when_one_who_waits_gives_up()
    {
        var gate = new TaskCompletionSource();
        var graphs = new Graphs(fixture.Database, fixture.Snapshots, fixture.Clock, _ => gate.Task);
        using var stop = new CancellationTokenSource();
        var impatient = graphs.OpenAsync(Organization, stop.Token).AsTask();
        var patient = graphs.OpenAsync(Organization, CancellationToken.None).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        gate.SetResult();
        Assert.NotNull(await patient);
    }

    [Fact]
    public async Task That_broke_is_tried_again_by_the_next()
    {
        var scans = 0;
        var graphs = new Graphs(fixture.Database, fixture.Snapshots, fixture.Clock, _ => ++scans == 1 ? throw new InvalidOperationException("broken") : Task.CompletedTask);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await graphs.OpenAsync(Organization, CancellationToken.None));
        Assert.NotNull(await graphs.OpenAsync(Organization, CancellationToken.None));
        Assert.Equal(2, scans);
    }
}
