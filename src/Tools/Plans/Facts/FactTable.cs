using System.Collections.Frozen;
using System.IO.Enumeration;

namespace McpInfra.Tools.Plans.Facts;

/// <summary>The reviewed tables of every provider, which lie beside this file as text.</summary>
internal sealed class FactTable
{
    private static readonly string[] Providers = ["aws", "azure", "google", "kubernetes", "oci"];
    private static readonly string[] Words = ["open", "grants", "anyone", "set", "always"];
    private static readonly string[] WordsWithValues = ["is", "not", "contains"];
    private readonly FrozenDictionary<string, FactRow[]> byType;
    private readonly FactRow[] byPattern;

    private FactTable(IReadOnlyList<FactRow> rows)
    {
        Rows = rows;
        byType = rows.Where(row => !row.Type.Contains('*')).GroupBy(row => row.Type).ToFrozenDictionary(group => group.Key, group => group.ToArray());
        byPattern = [.. rows.Where(row => row.Type.Contains('*'))];
    }

    /// <summary>As it is shipped.</summary>
    public static FactTable Shipped { get; } = new([.. Providers.SelectMany(provider => Read($"{provider}.txt"))]);

    /// <summary>Every row, in the order of the texts.</summary>
    public IReadOnlyList<FactRow> Rows { get; }

    /// <summary>The rows of a type; none when no table knows it.</summary>
    public IReadOnlyList<FactRow> Of(string type) => [.. byType.GetValueOrDefault(type) ?? [], .. byPattern.Where(row => FileSystemName.MatchesSimpleExpression(row.Type, type, ignoreCase: false))];

    private static IEnumerable<FactRow> Read(string file)
    {
        using var stream = typeof(FactTable).Assembly.GetManifestResourceStream($"McpInfra.Tools.Plans.Facts.{file}") ?? throw new InvalidOperationException($"The table {file} is not in the assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return Row(line) ?? throw new InvalidOperationException($"The table {file} has a row of a form that is not known: {line}");
            }
        }
    }

    // stateful TYPE | KIND TYPE PATH gains|loses|loses! TEST [VALUE|VALUE] [by A,B] [where A=V,B=V]
    private static FactRow? Row(string line)
    {
        var words = new Queue<string>(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (words.Count == 2 && words.Dequeue() == "stateful")
        {
            return new(FactKind.Stateful, words.Dequeue(), [], false, false, new("always", []), []);
        }

        if (words.Count < 5 || !Enum.TryParse<FactKind>(words.Dequeue(), ignoreCase: true, out var kind))
        {
            return null;
        }

        var (type, path, how, test) = (words.Dequeue(), words.Dequeue(), words.Dequeue(), words.Dequeue());
        if (how is not ("gains" or "loses" or "loses!") || !(WordsWithValues.Contains(test) ? words.Count > 0 : Words.Contains(test)))
        {
            return null;
        }

        string[] values = WordsWithValues.Contains(test) ? words.Dequeue().Split('|') : [];
        var by = Clause(words, "by");
        var where = Clause(words, "where").Select(pair => pair.Split('=')).ToList();
        return words.Count > 0 || where.Any(pair => pair.Length != 2) ? null : new(kind, type, Steps(path), how != "gains", how == "loses!", new(test, values), by)
        {
            Where = [.. where.Select(pair => (pair[0], pair[1]))],
        };
    }

    private static string[] Clause(Queue<string> words, string name)
    {
        if (words.TryPeek(out var word) && word == name && words.Count > 1)
        {
            words.Dequeue();
            return words.Dequeue().Split(',');
        }

        return [];
    }

    private static string[] Steps(string path) => path == "." ? [] : path.Replace("[]", ".[]", StringComparison.Ordinal).Split('.');
}
