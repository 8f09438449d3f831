using System.IO.Compression;
using System.Text;
using System.Text.Json;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Scan;
using Xunit;

namespace McpInfra.Graph.Tests.State;

public sealed class Stacks_of_a_Pulumi_backend : IDisposable
{
    private readonly GraphFixture fixture = new();
    private readonly Dictionary<string, (byte[] Bytes, DateTimeOffset Modified)> files = [];

    public void Dispose() => fixture.Dispose();

    private static byte[] Stack(params string[] queues)
    {
        var resources = queues.Select(name => new { urn = $"urn:pulumi:p::s::aws:sqs/queue:Queue::{name}", custom = true, id = $"https://sqs/{name}", type = "aws:sqs/queue:Queue", outputs = new { arn = $"arn:aws:sqs:eu-west-1:1:{name}", name } });
        return JsonSerializer.SerializeToUtf8Bytes(new { version = 3, checkpoint = new { latest = new { resources } } });
    }

    private static byte[] Compressed(byte[] bytes)
    {
        using var kept = new MemoryStream();
        using (var stream = new GZipStream(kept, CompressionLevel.Fastest))
        {
            stream.Write(bytes);
        }

        return kept.ToArray();
    }

    private void Put(string path, byte[] bytes, int modified = 0)
    {
        files[$".pulumi/stacks/{path}"] = (bytes, fixture.Clock.GetUtcNow().AddMinutes(modified));
        var file = Path.Combine(fixture.Folder, "pulumi", ".pulumi", "stacks", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
        File.SetLastWriteTimeUtc(file, fixture.Clock.GetUtcNow().AddMinutes(modified).UtcDateTime);
    }

    private async Task<SourceResult> ScanAsync(bool inStore) => (await fixture.ScanAsync(
        [new SourceSettings("net", "pulumi-state") { Path = inStore ? null : Path.Combine(fixture.Folder, "pulumi") }], [new PulumiCollector(inStore ? new Store(files) : null)], null)).Sources[0];

    private string Names() => string.Join(' ', fixture.Graph.Search(new SearchQuery()).Resources.Select(row => row.Name).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Are_read_compressed_or_not_and_what_lies_beside_them_is_not(bool inStore)
    {
        Put("shop/prod.json", Stack("orders"));
        Put("shop/prod.json.bak", Stack("before"));
        Put("shop/prod.json.gz.bak", Compressed(Stack("before")));
        Put("shop/dev.json.gz", Compressed(Stack("trial")));
        Put("shop/dev.json.attrs", "{}"u8.ToArray());
        Put("old.json", Stack("legacy"));
        var result = await ScanAsync(inStore);
        Assert.Equal((null, 0), (result.Failure, result.Failures.Count));
        Assert.Equal("legacy orders trial", Names());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Count_by_the_later_file_where_compression_was_turned_on_or_off(bool inStore)
    {
        Put("prod.json", Stack("older"), 0);
        Put("prod.json.gz", Compressed(Stack("later")), 1);
        Assert.Null((await ScanAsync(inStore)).Failure);
        Assert.Equal("later", Names());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_which_one_is_broken_are_read_but_for_that_and_nothing_goes(bool inStore)
    {
        Put("a.json", Stack("a"));
        Put("b.json.gz", Compressed(Stack("b")));
        await ScanAsync(inStore);
        Put("a.json", Stack("a", "new"));
        foreach (var (broken, said) in new[] { (Compressed(Stack("b"))[..40], "cut"), (Encoding.UTF8.GetBytes("{\"version\":1}"), "not a Pulumi stack"), ("["u8.ToArray(), "not whole JSON"), ([], "is empty") })
        {
            Put("b.json.gz", broken);
            var result = await ScanAsync(inStore);
            Assert.Null(result.Failure);
            Assert.Contains(said, Assert.Single(result.Failures).Message, StringComparison.Ordinal);
            Assert.Contains("b.json.gz", result.Failures[0].Message, StringComparison.Ordinal);
            Assert.Equal("a b new", Names());
        }
    }

    [Fact]
    public async Task That_unpack_without_an_end_are_refused_before_they_are_held()
    {
        Put("a.json.gz", Compressed(new byte[300 << 20]));
        Assert.Contains("256 MiB", (await ScanAsync(true)).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task That_are_none_are_a_fault_and_what_was_known_stays()
    {
        Put("a.json", Stack("a"));
        await ScanAsync(true);
        files.Clear();
        Assert.Contains("no stack (.pulumi/stacks/", (await ScanAsync(true)).Failure, StringComparison.Ordinal);
        Assert.Equal("a", Names());
    }

    private sealed class Store(Dictionary<string, (byte[] Bytes, DateTimeOffset Modified)> files) : IStateFolders
    {
        public ValueTask<IReadOnlyList<StateFileEntry>> ListAsync(SourceSettings source, string prefix, CancellationToken stop) =>
            new([.. files.Where(file => file.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(file => new StateFileEntry(file.Key, file.Value.Modified))]);

        public ValueTask<byte[]?> ReadAsync(SourceSettings source, string path, CancellationToken stop) => new(files.TryGetValue(path, out var file) ? file.Bytes : null);
    }
}
