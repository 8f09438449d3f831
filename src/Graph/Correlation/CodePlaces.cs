using System.Data.Common;
using Dapper;
using McpInfra.Graph.Bicep;
using McpInfra.Graph.Collectors.Documents;
using McpInfra.Graph.Hcl;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Correlation;

/// <summary>Gives the addresses of each state their file, line and owner in the code of the repositories.</summary>
internal sealed class CodePlaces(DbConnection connection, string organization, ICodeSource code, NodeWriter nodes)
{
    private const int EnoughToJudge = 400;

    private readonly Dictionary<string, string> unread = [];

    private sealed record Repository(string Name, CodeFiles Code, RepositoryOwners Owners, BicepIndex Bicep)
    {
        public IEnumerable<string> Folders => Code.Files.Keys.Where(IsTerraform).Select(Folder).Distinct().Order(StringComparer.Ordinal);
    }

    private sealed record Row(string Address, long? Node, string? Repository, string? File, int? Line, int? EndLine, string? Owner);

    /// <summary>Places everything; answers why which repositories could not be read. What was known by their code stays.</summary>
    public IReadOnlyDictionary<string, string> Run()
    {
        var repositories = code.Repositories.Select(Read).OfType<Repository>().ToList();
        foreach (var (source, state, engine, repository, stack) in connection.Query<(string, string, string, string?, string?)>(
            """
            SELECT DISTINCT m.source, m.state, m.engine, s.repository, s.stack FROM graph_managed m
            JOIN graph_source s ON s.organization = m.organization AND s.name = m.source WHERE m.organization = @organization AND m.engine IN ('terraform', 'arm')
            """, new { organization }).AsList())
        {
            var rows = Rows(source, state);
            if ((repository is not null && unread.ContainsKey(repository)) || rows.Exists(row => row.Repository is { } known && unread.ContainsKey(known)))
            {
                continue;
            }

            List<Repository> candidates = [.. repositories.Where(candidate => repository is null || candidate.Name == repository)];
            var (place, stackCode) = engine == "arm" ? default : Best(candidates, stack, rows);
            foreach (var row in rows)
            {
                var (found, location) = engine == "arm" ? ByDeployment(candidates, row.Address) : (place, stackCode is null ? null : Find(stackCode, row.Address));
                Store(source, state, row, found, location);
            }
        }

        return unread;
    }

    private static (Repository?, CodeLocation?) ByDeployment(List<Repository> candidates, string address) =>
        candidates.Select(candidate => ((Repository?)candidate, candidate.Bicep.Find(address))).Where(found => found.Item2 is not null).ToList() is [var only] ? only : default;

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

        new LinkMark(connection, organization).Clear();
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

    private Repository? Read(string name)
    {
        try
        {
            var files = code.Read(name, path => IsTerraform(path) || BicepIndex.IsBicep(path) || RepositoryOwners.Wants(path));
            return new Repository(name, files, new RepositoryOwners(files.Files), new BicepIndex(files.Files));
        }
        catch (CodeException fault)
        {
            unread[name] = fault.Message;
            return null;
        }
    }

    private static bool IsTerraform(string path) => path.EndsWith(".tf", StringComparison.Ordinal) || path.EndsWith(".tf.json", StringComparison.Ordinal) || path.EndsWith(".tofu", StringComparison.Ordinal);

    private static string Folder(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : ".";

    private static string Normal(string folder) => folder.Trim('/') is { Length: > 0 } trimmed ? trimmed.StartsWith("./", StringComparison.Ordinal) ? trimmed[2..] : trimmed : ".";
}
