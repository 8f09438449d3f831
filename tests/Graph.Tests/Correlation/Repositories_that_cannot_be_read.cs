using System.Text;
using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Correlation;
using McpInfra.Graph.Scan;
using McpInfra.Graph.Tests.State;
using Xunit;

namespace McpInfra.Graph.Tests.Correlation;

public sealed class Repositories_that_cannot_be_read : IDisposable
{
    private readonly GraphFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private Task<ScanResult> ScanAsync(TwoRepositories code)
    {
        var sources = new[] { ("one", "aws_vpc"), ("two", "aws_subnet") }.Select(source =>
        {
            var path = Path.Combine(fixture.Folder, $"{source.Item1}.tfstate");
            File.WriteAllText(path, StateText.Of(StateText.Resource(source.Item2, "it", $$"""{"arn":"arn:aws:ec2:us-east-1:1:{{source.Item1}}/x","id":"{{source.Item1}}-1"}""")));
            return new SourceSettings(source.Item1, "terraform-state") { Path = path };
        }).ToList();
        return fixture.ScanAsync(sources, [new StateCollector()], code);
    }

    private string? FileOf(string id) => fixture.Graph.Resolve(id).Found!.File;

    [Fact]
    public async Task Keep_what_was_known_by_them_and_stop_no_other()
    {
        Assert.Empty((await ScanAsync(new TwoRepositories(null, moved: false))).UnreadRepositories);
        Assert.Equal(("one.tf", "two.tf"), (FileOf("one-1"), FileOf("two-1")));
        var scanned = await ScanAsync(new TwoRepositories("one", moved: true));
        Assert.Equal(("one.tf", "moved.tf"), (FileOf("one-1"), FileOf("two-1")));
        Assert.Equal("The repository one cannot be read.", Assert.Single(scanned.UnreadRepositories).Value);
        Assert.False(scanned.Failed);
        await ScanAsync(new TwoRepositories(null, moved: true));
        Assert.Equal("moved.tf", FileOf("two-1"));
    }

    private sealed class TwoRepositories(string? broken, bool moved) : ICodeSource
    {
        public IReadOnlyList<string> Repositories => ["one", "two"];

        public CodeFiles Read(string repository, Func<string, bool> filter) => repository == broken ? throw new Unreadable($"The repository {repository} cannot be read.")
            : new("test", new Dictionary<string, byte[]>
            {
                [repository == "two" && moved ? "moved.tf" : $"{repository}.tf"] = Encoding.UTF8.GetBytes($"resource \"{(repository == "one" ? "aws_vpc" : "aws_subnet")}\" \"it\" {{\n}}\n"),
            });
    }

    private sealed class Unreadable(string message) : CodeException(message);
}
