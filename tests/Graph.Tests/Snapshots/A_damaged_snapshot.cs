using CsCheck;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Snapshot;
using Xunit;
using static McpInfra.Graph.Tests.GraphFixture;

namespace McpInfra.Graph.Tests.Snapshots;

public sealed class A_damaged_snapshot : IAsyncLifetime
{
    private readonly GraphFixture fixture = new();

    public async ValueTask InitializeAsync()
    {
        await fixture.ScanCloudAsync(
        [
            .. Enumerable.Range(0, 40).Select(number => new Observation.Seen(Resource($"arn:aws:x:us-east-1:1:x/{number}", name: $"n{number}", tags: [("team", $"t{number % 3}")]))),
            .. Enumerable.Range(1, 39).Select(number => new Observation.Related(new Relation($"arn:aws:x:us-east-1:1:x/{number}", RelationType.Uses, $"arn:aws:x:us-east-1:1:x/{number / 2}"))),
        ]);
        AnswersRightly();
    }

    public ValueTask DisposeAsync()
    {
        fixture.Dispose();
        return ValueTask.CompletedTask;
    }

    private string File => Directory.GetFiles(fixture.Snapshots, "*.snapshot").Single();

    [Fact]
    public void Cut_short_at_any_length_is_built_anew() => Gen.Double.Unit.Sample(share =>
    {
        Replace(bytes => bytes[..(int)(share * bytes.Length)]);
        AnswersRightly();
    }, iter: 60, threads: 1);

    [Fact]
    public void With_any_bit_turned_is_built_anew() => Gen.Select(Gen.Double.Unit, Gen.Int[0, 7], Gen.Bool).Sample((share, bit, early) =>
    {
        Replace(bytes =>
        {
            bytes[(int)(share * (early ? 900 : bytes.Length - 1))] ^= (byte)(1 << bit);
            return bytes;
        });
        AnswersRightly();
    }, iter: 150, threads: 1);

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void Cut_short_in_place_while_it_is_held_ends_no_process(long mapFrom)
    {
        var held = SnapshotFile.Open(File, McpInfra.Graph.Store.Fingerprint.Of(Organization), mapFrom)!;
        Assert.True(held.IsWhole);
        using (var file = new FileStream(File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            file.SetLength(100);
        }

        Assert.Equal(mapFrom > 0, held.IsWhole); // What is mapped is not touched any more.
        if (mapFrom > 0)
        {
            Assert.Equal(40, held.Section<long>(SnapshotSection.Nodes).Length);
        }

        AnswersRightly();
    }

    [Fact]
    public void That_others_may_write_is_read_whole_however_large_so_that_cutting_it_short_ends_no_process()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // It lets nobody cut short what is mapped.
        }

        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        var held = SnapshotFile.Open(File, McpInfra.Graph.Store.Fingerprint.Of(Organization), mapFrom: 0)!;
        using (var file = new FileStream(File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            file.SetLength(100);
        }

        Assert.Equal(40, held.Section<long>(SnapshotSection.Nodes).Length);
        AnswersRightly();
    }

    [Fact]
    public void Of_another_format_is_built_anew()
    {
        Replace(bytes =>
        {
            bytes[8]++;
            return bytes;
        });
        AnswersRightly();
        Assert.Equal(1, System.IO.File.ReadAllBytes(File)[8]);
    }

    [Fact]
    public void That_was_deleted_is_built_anew()
    {
        Directory.Delete(fixture.Snapshots, recursive: true);
        AnswersRightly();
        Assert.True(System.IO.File.Exists(File));
    }

    [Fact]
    public void Of_another_organisation_is_not_believed()
    {
        var own = File;
        Assert.Equal(0, fixture.Graphs.For("other").Search(new SearchQuery()).Total);
        var other = Directory.GetFiles(fixture.Snapshots, "*.snapshot").Single(file => file != own);
        System.IO.File.Copy(own, other, overwrite: true);
        Assert.Equal(0, Anew().For("other").Search(new SearchQuery()).Total);
        Assert.Empty(Anew().For("other").Count(new SearchQuery(), "tag:team").Counts);
    }

    [Fact]
    public void Can_be_read_by_its_owner_only()
    {
        if (!OperatingSystem.IsWindows()) // It has no such modes.
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }
    }

    [Fact]
    public void Of_an_older_state_of_the_store_is_not_believed()
    {
        var old = System.IO.File.ReadAllBytes(File);
        using var restored = new GraphFixture();
        Directory.CreateDirectory(restored.Snapshots);
        System.IO.File.WriteAllBytes(Path.Combine(restored.Snapshots, Path.GetFileName(File)), old);
        Assert.Equal(0, restored.Graph.Search(new SearchQuery()).Total);
    }

    private void Replace(Func<byte[], byte[]> change)
    {
        var file = File;
        var bytes = change(System.IO.File.ReadAllBytes(file));
        System.IO.File.Delete(file); // A process that has it mapped keeps what it mapped.
        System.IO.File.WriteAllBytes(file, bytes);
    }

    private Graphs Anew() => new(fixture.Database, fixture.Snapshots, fixture.Clock);

    private void AnswersRightly()
    {
        var graph = Anew().For(Organization);
        Assert.Equal((40L, "n0"), (graph.Search(new SearchQuery()).Total, graph.Search(new SearchQuery()).Resources[0].Name));
        Assert.Equal([("t0", 14L), ("t1", 13L), ("t2", 13L)], graph.Count(new SearchQuery(), "tag:team").Counts.Select(count => (count.Value!, count.Count)));
        var row = graph.Resolve("n1").Found!;
        Assert.Equal(38, graph.Trace(row, TraceDirection.Impact, 6).Total);
        Assert.Equal(1, graph.Trace(row, TraceDirection.DependsOn, 6).Total);
        Assert.Equal(13, graph.Search(new SearchQuery { Tag = "team=t1", Region = "us-east-1", Managed = false }).Total);
    }
}
