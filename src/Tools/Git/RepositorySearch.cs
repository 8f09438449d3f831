using System.Globalization;

namespace McpInfra.Tools.Git;

/// <summary>Finds the lines of a tree that hold a text: files in order of path, withheld, binary and large ones left out.</summary>
internal sealed class RepositorySearch(Repository repository, string tree)
{
    private const int MostFile = 1_000_000;
    private const int MostMatches = 2_000;
    private const long MostBytes = 64_000_000;
    private const int Around = 120;

    /// <summary>Matching lines under the path from a position on.</summary>
    public Page Find(RepositoryPath? path, string text, int from, CancellationToken stop)
    {
        var matches = new List<string>();
        var left = MostBytes;
        var complete = true;
        foreach (var file in repository.Files(tree).Where(file => IsUnder(path, file.Path) && IsText(file)))
        {
            stop.ThrowIfCancellationRequested();
            left -= file.Size;
            if (left < 0 || matches.Count >= MostMatches)
            {
                complete = false;
                break;
            }

            if (RepositoryPages.Text(repository, file) is { } content && content.Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                matches.AddRange(Matches(file.Path, content, text));
            }
        }

        return Page.Of(
            (first, last) => matches.Count == 0 ? $"no line holds the text.{(complete ? "" : " Not everything was searched; name a path.")}"
                : $"matches {first + 1} to {last} of {(complete ? "" : "more than ")}{matches.Count}.",
            matches, from);
    }

    private static bool IsUnder(RepositoryPath? path, string file) =>
        path is null || file == path.Value || file.StartsWith(path.Value + "/", StringComparison.Ordinal);

    private static bool IsText(TreeFile file) =>
        file.IsPlain && file.Size <= MostFile && !WithheldPaths.Withholds(file.Path);

    private static IEnumerable<string> Matches(string path, string content, string text) =>
        RepositoryPages.Lines(content).Select((line, index) => (Line: line, Number: index + 1))
            .Where(entry => entry.Line.Contains(text, StringComparison.OrdinalIgnoreCase))
            .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{path}:{entry.Number}: {Cut(entry.Line, text)}"));

    private static string Cut(string line, string text)
    {
        if (line.Length <= 2 * Around)
        {
            return line.Trim();
        }

        var start = Math.Max(0, line.IndexOf(text, StringComparison.OrdinalIgnoreCase) - Around / 2);
        return "…" + line.Substring(start, Math.Min(2 * Around, line.Length - start)).Trim() + "…";
    }
}
