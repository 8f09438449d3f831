using System.Text;
using McpInfra.Graph.Scan;
using Xunit;

namespace McpInfra.Graph.Tests.Rest;

/// <summary>What holds of the scan of every cloud that is asked over REST. Its answers have the word hunter2 wherever they may hold a secret.</summary>
public abstract class A_scan_over_REST
{
    [Fact]
    public async Task Lets_no_secret_into_the_store_and_writes_nothing_when_nothing_changed()
    {
        using var graph = new GraphFixture();
        await StoreAsync(graph);
        Assert.DoesNotContain("hunter2", Encoding.UTF8.GetString(Snapshot.WholeFile(graph)));
        Snapshot.CountWrites(graph);
        await StoreAsync(graph);
        Assert.Empty(Snapshot.Writes(graph));
    }

    /// <summary>Scans the cloud into a graph.</summary>
    protected abstract Task<SourceResult> StoreAsync(GraphFixture graph);
}
