using System.Data.Common;
using Dapper;
using McpInfra.Graph.Collectors.Documents;
using McpInfra.Graph.Hcl;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Correlation;

/// <summary>Gives the addresses of each state their file, line and owner in the code of the repositories.</summary>
internal sealed class CodePlaces(DbConnection connection, string organization, ICodeSource code, NodeWriter nodes)
{
    private const int EnoughToJudge = 400;

    private sealed record Repository(string Name, CodeFiles Code, RepositoryOwners Owners)
    {
        public IEnumerable<string> Folders => Code.Files.Keys.Where(IsTerraform).Select(Folder).Distinct().Order(StringComparer.Ordinal);
    }

    private sealed record Row(string Address, long? Node, string? Repository, string? File, int? Line, int? EndLine, string? Owner);

    public void Run()
    {
        var repositories = code.Repositories.Select(Read).ToList();
        foreach (var (source, state, repository, stack) in connection.Query<(string, string, string?, string?)>(
            """
            SELECT DISTINCT m.source, m.state, s.repository, s.stack FROM graph_managed m
            JOIN graph_source s ON s.organization = m.organization AND s.name = m.source WHERE m.organization = @organization AND m.engine = 'terraform'
            """, new { organization }).AsList())
        {
            var rows = Rows(source, state);
            var (place, stackCode) = Best(repositories.Where(candidate => repository is null || candidate.Name == repository).ToList(), stack, rows);
            foreach (var row in rows)
            {
                Store(source, state, row, place, stackCode is null ? null : Find(stackCode, row.Address));
            }
        }
    }

    private static (Repository?, CodeIndex?) Best(List<Repository> repositories, string? stack, List<Row> rows)
    {
        var sample = rows.Take(EnoughToJudge).ToList();
        return repositories
            .SelectMany(repository => (stack is null ? repository.Folders : [Normal(stack)]).Select(folder => (Repository: repository, Code: CodeIndex.Build(repository.Code.Files, folder))))
            .Select(candidate => (candidate.Repository, candidate.Code, Hits: sample.Count(row => candidate.Code.Find(row.Address) is not null)))
            .Where(candidate => candidate.Hits > 0)
            .OrderByDescending(candidate => candidate.Hits)
            .Select(candidate => ((Repository?)candidate.Repository, (CodeIndex?)candidate.Code))
            .FirstOrDefault();
    }

    private void Store(string source, string state, Row row, Repository? repository, CodeLocation? place)
    {
        var now = place is null
            ? row with { Repository = null, File = null, Line = null, EndLine = null, Owner = null }
            : row with { Repository = repository!.Name, File = place.File, Line = place.Line, EndLine = place.EndLine, Owner = repository.Owners.Of(place.File) };
        if (now == row)
        {
            return;
        }

        connection.Execute(
            "UPDATE graph_managed SET repository = @Repository, file = @File, line = @Line, end_line = @EndLine, owner = @Owner WHERE organization = @organization AND source = @source AND state = @state AND address = @Address",
            new { organization, source, state, row.Address, now.Repository, now.File, now.Line, now.EndLine, now.Owner });
        if (row.Node is { } node)
        {
            nodes.Touch(node);
        }
    }

    /// <summary>What a module from elsewhere declares has its place where the module is called.</summary>
    private static CodeLocation? Find(CodeIndex code, string address)
    {
        var location = code.Find(address);
        for (var steps = CodeAddress.WithoutKeys(address)?.Split('.').ToList() ?? []; location is null && steps is ["module", _, _, _, ..]; steps.RemoveRange(steps.Count - 2, 2))
        {
            location = code.Find(string.Join('.', steps.SkipLast(2)));
        }

        return location;
    }

    private List<Row> Rows(string source, string state) => [.. connection.Query<(string Address, long? Node, string? Repository, string? File, int? Line, int? EndLine, string? Owner)>(
        "SELECT address, node, repository, file, line, end_line, owner FROM graph_managed WHERE organization = @organization AND source = @source AND state = @state ORDER BY address", new { organization, source, state })
        .Select(row => new Row(row.Address, row.Node, row.Repository, row.File, row.Line, row.EndLine, row.Owner))];

    private Repository Read(string name)
    {
        var files = code.Read(name, path => IsTerraform(path) || RepositoryOwners.Wants(path));
        return new Repository(name, files, new RepositoryOwners(files.Files));
    }

    private static bool IsTerraform(string path) => path.EndsWith(".tf", StringComparison.Ordinal) || path.EndsWith(".tf.json", StringComparison.Ordinal) || path.EndsWith(".tofu", StringComparison.Ordinal);

    private static string Folder(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : ".";

    private static string Normal(string folder) => folder.Trim('/') is { Length: > 0 } trimmed ? trimmed.StartsWith("./", StringComparison.Ordinal) ? trimmed[2..] : trimmed : ".";
}
