using System.Security.Cryptography;
using System.Text;
using McpInfra.Tools.Plans.Cloud.Aws;

namespace McpInfra.Tools.Plans.Cloud.Bearer;

/// <summary>A reviewed table that ships inside the program: lines of a kind and its words. What follows a `#` is a remark.</summary>
internal sealed class CloudTable
{
    private readonly ILookup<string, IReadOnlyList<string>> lines;
    private readonly StringComparer comparer;

    private CloudTable(string text, StringComparer comparer)
    {
        (Mark, this.comparer) = (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), comparer);
        lines = text.Split('\n').Select(line => line.Split('#')[0].Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 0)
            .ToLookup(words => words[0], IReadOnlyList<string> (words) => words[1..], StringComparer.Ordinal);
        Cleaned = new CleanedFields(Lines("always").ToHashSet(StringComparer.OrdinalIgnoreCase), Lines("shaped").ToHashSet(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>A hash of the table.</summary>
    public string Mark { get; }

    /// <summary>Fields of answers that are always replaced, and those that are when they look like a secret.</summary>
    public CleanedFields Cleaned { get; }

    /// <summary>Reads a table.</summary>
    /// <param name="name">Such as `Azure.reads.txt`.</param>
    /// <param name="comparer">How its cloud compares names.</param>
    /// <param name="kinds">The kinds of lines that it may have besides `always` and `shaped`.</param>
    public static CloudTable Shipped(string name, StringComparer comparer, params IReadOnlyList<string> kinds)
    {
        var table = new CloudTable(Text(name), comparer);
        return table.lines.All(line => kinds.Contains(line.Key) || line.Key is "always" or "shaped") ? table : throw new InvalidDataException($"The table {name} has a line of an unknown kind.");
    }

    /// <summary>The text of a table.</summary>
    public static string Text(string name)
    {
        using var stream = typeof(CloudTable).Assembly.GetManifestResourceStream($"McpInfra.Tools.Plans.Cloud.{name}") ?? throw new InvalidOperationException($"The table {name} is missing from the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Every word of a kind.</summary>
    public HashSet<string> Words(string kind) => Lines(kind).ToHashSet(comparer);

    /// <summary>The words of each line of a kind.</summary>
    public IEnumerable<IReadOnlyList<string>> Each(string kind) => lines[kind];

    private IEnumerable<string> Lines(string kind) => lines[kind].SelectMany(words => words);
}
