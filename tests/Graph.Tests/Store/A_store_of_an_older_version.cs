using Dapper;
using McpInfra.Graph.Queries;
using McpInfra.Storage;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Graph.Tests.Store;

public sealed class A_store_of_an_older_version : IDisposable
{
    private const int StepsWithTagsApart = 12;

    private readonly string folder = Directory.CreateTempSubdirectory("graph-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Keeps_its_tags_names_and_texts()
    {
        using var store = TestStore.In(folder);
        store.Open(new Schema("graph", [.. GraphSchema.Schema.Steps.Take(StepsWithTagsApart)])).Write(connection => connection.Execute(
            """
            INSERT INTO graph_resource (node, organization, id, type, name, provider, managed, facts, hash, first_seen, changed_at) VALUES (1, 'acme', 'vpc-1', 'AWS::EC2::VPC', 'Main', 'aws', 0, @none, @none, 0, 0);
            INSERT INTO graph_resource (node, organization, id, type, name, provider, managed, facts, hash, first_seen, changed_at) VALUES (2, 'acme', 'vpc-2', 'AWS::EC2::VPC', 'Other', 'aws', 0, @none, @none, 0, 0);
            INSERT INTO graph_tag (organization, node, key, value) VALUES ('acme', 1, 'team', 'pay "ments"');
            INSERT INTO graph_tag (organization, node, key, value) VALUES ('acme', 1, 'Name', 'Main');
            INSERT INTO graph_text (node, text) VALUES (1, 'main\nvpc-1');
            INSERT INTO graph_alias (organization, key, node, is_id) VALUES ('acme', 'vpc-1', 1, 1);
            INSERT INTO graph_journal (organization, version, mark, time) VALUES ('acme', 1, 0, 0);
            """, new { none = Array.Empty<byte>() }));
        var graph = new Graphs(store.Open(GraphSchema.Schema), Path.Combine(folder, "snapshots"), new Clock()).For("acme");
        Assert.Equal("vpc-1", Assert.Single(graph.Search(new SearchQuery { Tag = "Team=PAY \"ments\"" }).Resources).Id);
        Assert.Equal("vpc-1", Assert.Single(graph.Search(new SearchQuery { Text = "pc-1" }).Resources).Id);
        Assert.Equal("vpc-1", graph.Resolve("MAIN").Found!.Id);
        Assert.Equal("vpc-1", graph.Resolve("VPC-1").Found!.Id);
        Assert.Equal(2, graph.Search(new SearchQuery()).Total);
    }
}
