using System.Data.Common;
using Dapper;

namespace McpInfra.Graph.Correlation;

/// <summary>Which resources code declares where, read once: scanners report thousands of places, and each is a part of a path.</summary>
internal sealed class DeclaredPlaces
{
    private readonly ILookup<string, Place> byFileName;

    private sealed record Place(long Node, string Repository, string File, int Line, int EndLine);

    public DeclaredPlaces(DbConnection connection, string organization)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal); // Few files declare many resources.
        byFileName = connection.Query<(long Node, string Repository, string File, long Line, long EndLine)>(
            "SELECT node, repository, file, line, end_line FROM graph_managed WHERE organization = @organization AND file IS NOT NULL AND node IS NOT NULL", new { organization }, buffered: false)
            .Select(row => new Place(row.Node, One(row.Repository), One(row.File), (int)row.Line, (int)row.EndLine)).ToLookup(place => NameOf(place.File), StringComparer.Ordinal);

        string One(string text)
        {
            if (!texts.TryGetValue(text, out var known))
            {
                texts.Add(known = text);
            }

            return known;
        }
    }

    /// <summary>Resources declared at a line. Scanners name files from the repository's root, from the folder they were started in, or in full; a name that fits several files means none.</summary>
    public List<long> Find(string file, int line, string? repository, int most)
    {
        var fitting = byFileName[NameOf(file)].Where(place => place.Line <= line && line <= place.EndLine && (repository is null || place.Repository == repository)
            && (place.File == file || place.File.EndsWith("/" + file, StringComparison.Ordinal) || file.EndsWith("/" + place.File, StringComparison.Ordinal))).ToList();
        var exact = fitting.Where(place => place.File == file).ToList();
        var meant = exact.Count > 0 ? exact : fitting;
        return meant.Select(place => (place.Repository, place.File)).Distinct().Count() == 1 ? [.. meant.Select(place => place.Node).Distinct().Order().Take(most)] : [];
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
