using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.Documents;
using McpInfra.Graph.Collectors.State;
using McpInfra.Graph.Correlation;
using McpInfra.Graph.Queries;
using McpInfra.Graph.Scan;
using McpInfra.Graph.Tests.State;
using Xunit;

namespace McpInfra.Graph.Tests.Documents;

public sealed class Knowledge_of_repositories : IDisposable
{
    private const string Decision = "# Encrypt personal data\n\nStatus: accepted\n\n## Context\nAuditors asked.\n\n## Decision\nEvery bucket that holds personal data\nis encrypted with a customer-managed key.\n\n```\n# not a heading\n```\n";
    private const string Runbook = "# Restoring records\n\nWhen the records bucket was emptied, restore it from the backup vault.\n";
    private const string Catalog = """
        apiVersion: backstage.io/v1alpha1
        kind: Component
        metadata:
          name: payments
          description: Takes money
          tags: [java]
        spec:
          type: service
          owner: group:default/team-money
          system: shop
          dependsOn: ["resource:ledger"]
        ---
        apiVersion: backstage.io/v1alpha1
        kind: API
        metadata: { name: payments-api }
        spec: { owner: team-api }
        """;

    private readonly GraphFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private async Task<SourceResult> ScanAsync(params (string Path, string Text)[] files)
    {
        var code = new GivenCode(files);
        return (await fixture.ScanAsync([DocumentCollector.Source("infra")], [new DocumentCollector(code)], code)).Sources[0];
    }

    private IReadOnlyList<FoundPassage> Find(string text, params DocumentKind[] kinds) => fixture.Graph.Knowledge(new KnowledgeQuery(text) { Kinds = kinds }).Passages;

    [Fact]
    public async Task Is_found_by_words_with_file_line_and_commit()
    {
        await ScanAsync(("docs/adr/0001-encrypt.md", Decision), ("docs/runbooks/records.md", Runbook));
        var found = Assert.Single(Find("personal encryption buckets"));
        Assert.Equal(("infra", "docs/adr/0001-encrypt.md", "test", DocumentKind.Decision, 9), (found.Repository, found.Path, found.Commit, found.Kind, found.Line));
        Assert.Equal("Encrypt personal data › Decision", found.Heading);
        Assert.StartsWith("Every bucket that holds personal data is encrypted", found.Snippet, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_ranked_by_where_the_words_stand_and_bounded_by_kind()
    {
        await ScanAsync(("README.md", "# Infra\nThe records are elsewhere, see the runbook.\n"), ("docs/runbooks/records.md", Runbook));
        Assert.Equal(["docs/runbooks/records.md", "README.md"], Find("records").Select(found => found.Path));
        Assert.Equal(["README.md"], Find("records", DocumentKind.Readme).Select(found => found.Path));
        var some = fixture.Graph.Knowledge(new KnowledgeQuery("vault unicorn"));
        Assert.True(some.ByAnyWord);
        Assert.Equal("docs/runbooks/records.md", Assert.Single(some.Passages).Path);
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("records OR NOT (")]
    [InlineData("title:records*")]
    [InlineData("NEAR(records, 3) {-} ^")]
    public async Task Takes_a_search_languages_words_as_words(string text)
    {
        await ScanAsync(("docs/runbooks/records.md", Runbook));
        Assert.InRange(Find(text).Count, 0, 1);
    }

    [Fact]
    public async Task Is_another_organisations_never()
    {
        await ScanAsync(("docs/runbooks/records.md", Runbook));
        Assert.Equal(0, fixture.Graphs.For("other").Knowledge(new KnowledgeQuery("records")).Total);
    }

    [Fact]
    public async Task Is_written_when_it_changes_and_gone_when_it_is()
    {
        await ScanAsync(("a.md", "# One\nalpha"), ("b.md", "# Two\nbeta"));
        Snapshot.CountWrites(fixture);
        await ScanAsync(("a.md", "# One\nalpha"), ("b.md", "# Two\nbeta"));
        Assert.Empty(Snapshot.Writes(fixture));
        await ScanAsync(("a.md", "# One\ngamma"));
        Assert.Empty(Find("alpha"));
        Assert.Empty(Find("beta"));
        Assert.Equal("a.md", Assert.Single(Find("gamma")).Path);
        await new Scanner(fixture.Database, [], null, fixture.Clock).ForgetAllButAsync(GraphFixture.Organization, [], TestContext.Current.CancellationToken);
        Assert.Empty(Find("gamma"));
    }

    [Fact]
    public async Task Keeps_no_secret_of_a_document()
    {
        await ScanAsync(("README.md", "# Access\nUse AKIAIOSFODNN7EXAMPLE and DB_PASSWORD=hunter2hunter2 to log in.\n-----BEGIN RSA PRIVATE KEY-----\n"));
        var whole = System.Text.Encoding.UTF8.GetString(Snapshot.WholeFile(fixture));
        Assert.DoesNotContain("AKIAIOSFODNN7EXAMPLE", whole, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2hunter2", whole, StringComparison.Ordinal);
        Assert.Contains("to log in", Find("access log")[0].Snippet, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_owners_of_documents_and_of_code_by_path()
    {
        (string, string)[] files = [(".github/CODEOWNERS", "/docs/ @acme/writers\n"), ("docs/a.md", "# A\nalpha"), ("services/pay/catalog-info.yaml", Catalog), ("services/pay/docs/b.md", "# B\nbeta"), ("services/pay/main.tf", "resource \"aws_s3_bucket\" \"b\" {\n}\n")];
        await ScanAsync(files);
        Assert.Equal("@acme/writers", Find("alpha")[0].Owner);
        Assert.Equal("team-money", Find("beta")[0].Owner);
        Assert.Contains("owner: team-money", fixture.Graph.Knowledge(new KnowledgeQuery("takes money")).Passages[0].Snippet + Find("team money")[0].Snippet, StringComparison.Ordinal);
        await fixture.ScanStateAsync(StateText.Of(StateText.Resource("aws_s3_bucket", "b", """{"arn":"arn:aws:s3:::pay","id":"pay","bucket":"pay"}""")), code: new GivenCode(files));
        Assert.Equal("team-money", fixture.Graph.Resolve("pay").Found!.Owner);
    }

    [Fact]
    public async Task Names_owners_of_resources_by_the_tag_that_names_a_component_until_it_no_longer_does()
    {
        await fixture.ScanCloudAsync([
            new Observation.Seen(GraphFixture.Resource("arn:aws:sqs:us-east-1:1:q", "AWS::SQS::Queue", "q", tags: ("component", "Payments"))),
            new Observation.Seen(GraphFixture.Resource("arn:aws:sqs:us-east-1:1:own", "AWS::SQS::Queue", "own", tags: [("component", "payments"), ("owner", "team-own")]))]);
        await ScanAsync(("catalog-info.yaml", Catalog));
        Assert.Equal("team-money", fixture.Graph.Resolve("q").Found!.Owner);
        Assert.Equal("team-own", fixture.Graph.Resolve("own").Found!.Owner);
        await ScanAsync(("catalog-info.yaml", Catalog.Replace("team-money", "team-new", StringComparison.Ordinal)));
        Assert.Equal("team-new", fixture.Graph.Resolve("q").Found!.Owner);
        await ScanAsync(("README.md", "nothing"));
        Assert.Null(fixture.Graph.Resolve("q").Found!.Owner);
    }

    [Theory]
    [InlineData("HALF", "(line ")]
    [InlineData("\nmetadata: { name: [x] }\napiVersion: backstage.io/v1\n", "without a kind and a name (line 2)")]
    [InlineData("apiVersion: backstage.io/v1\nkind: Component\nmetadata: { name: payments }\nspec: { owner: team-money, owner: team-other }\n", "a name twice (line 4)")]
    [InlineData("apiVersion: backstage.io/v1\nkind: Component\nmetadata: { name: {% name %} }", "not YAML")]
    [InlineData("apiVersion: backstage.io/v1\nkind: [[[[[[[[[[[[[[[[[[[[[[", "deeper")]
    public async Task Of_a_broken_catalogue_is_told_with_its_line_and_what_it_said_before_stays(string text, string fault)
    {
        await fixture.ScanCloudAsync([new Observation.Seen(GraphFixture.Resource("arn:aws:sqs:us-east-1:1:q", "AWS::SQS::Queue", "q", tags: ("component", "payments")))]);
        await ScanAsync(("catalog-info.yaml", Catalog), ("gone.md", "# Gone\nsoon"));
        var result = await ScanAsync(("catalog-info.yaml", text == "HALF" ? Catalog[..(Catalog.IndexOf("system", StringComparison.Ordinal) + 3)] : text), ("README.md", "# Fine"));
        Assert.Contains(fault, Assert.Single(result.Failures).Message, StringComparison.Ordinal);
        Assert.Contains("catalog-info.yaml", result.Failures[0].Message, StringComparison.Ordinal);
        Assert.Equal("team-money", fixture.Graph.Resolve("q").Found!.Owner);
        Assert.Empty(Find("soon"));
        Assert.Single(Find("fine"));
    }

    [Fact]
    public async Task Is_read_by_the_mark_of_an_encoding_and_kept_where_there_is_none()
    {
        var code = new Bytes(new Dictionary<string, byte[]>
        {
            ["a.md"] = [.. System.Text.Encoding.Unicode.Preamble, .. System.Text.Encoding.Unicode.GetBytes("# Größe\nalpha zwölf")],
            ["b.md"] = System.Text.Encoding.Latin1.GetBytes("# Über\nbeta fünf"),
            ["c.md"] = [.. System.Text.Encoding.UTF8.Preamble, .. "# Title\ngamma"u8],
            ["CODEOWNERS"] = [.. System.Text.Encoding.Unicode.Preamble, .. System.Text.Encoding.Unicode.GetBytes("*.md @acme/writers\n")],
            ["catalog-info.yaml"] = [.. System.Text.Encoding.UTF8.Preamble, .. System.Text.Encoding.UTF8.GetBytes(Catalog)],
        });
        var result = (await fixture.ScanAsync([DocumentCollector.Source("infra")], [new DocumentCollector(code)], code)).Sources[0];
        Assert.Equal((5, 0, null), (result.Documents, result.Failures.Count, result.Failure));
        Assert.Equal(("Größe", "@acme/writers"), (Find("zwölf")[0].Heading, Find("alpha")[0].Owner));
        Assert.Equal("Title", Find("gamma")[0].Heading);
        Assert.Contains("beta", Find("beta")[0].Snippet, StringComparison.Ordinal);
        Assert.NotEmpty(Find("takes money"));
    }

    [Fact]
    public async Task Of_owners_past_what_is_read_is_said()
    {
        var result = await ScanAsync(("CODEOWNERS", string.Concat(Enumerable.Repeat("*.md @acme/writers\n", 6000))), ("a.md", "# A"));
        Assert.Contains("CODEOWNERS has over 5000 lines", Assert.Single(result.Failures).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apiVersion: backstage.io/v1\nkind: [[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    [InlineData("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nkind: *c")]
    [InlineData("- - - - - - - - - - - - - - - - - - - - - - -")]
    [InlineData("kind: Component\n\tmetadata: ?\n: : :")]
    [InlineData("!!python/object/apply:os.system ['id']")]
    [InlineData("")]
    public async Task Reads_no_more_of_a_hostile_catalogue_than_it_holds(string text)
    {
        var result = await ScanAsync(("catalog-info.yaml", text), ("README.md", "# Fine"));
        Assert.Equal((2, null), (result.Documents, result.Failure));
    }

    [Fact]
    public async Task Is_bounded_on_any_bytes()
    {
        var random = new Random(7);
        var bytes = new byte[200_000];
        random.NextBytes(bytes);
        var code = new Bytes(new Dictionary<string, byte[]> { ["a.md"] = bytes, ["b.md"] = [.. Enumerable.Repeat((byte)'#', 100_000)], ["c.md"] = [.. Enumerable.Repeat((byte)'\n', 500_000)], ["catalog-info.yaml"] = bytes, ["CODEOWNERS"] = bytes });
        var result = (await fixture.ScanAsync([DocumentCollector.Source("infra")], [new DocumentCollector(code), new StateCollector()], code)).Sources[0];
        Assert.Equal((5, null), (result.Documents, result.Failure));
    }

    private sealed class Bytes(Dictionary<string, byte[]> files) : ICodeSource
    {
        public IReadOnlyList<string> Repositories => ["infra"];

        public CodeFiles Read(string repository, Func<string, bool> filter) => new("test", files.Where(file => filter(file.Key)).ToDictionary());
    }
}
