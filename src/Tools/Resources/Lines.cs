using System.Text;
using McpInfra.Graph.Queries;

namespace McpInfra.Tools.Resources;

/// <summary>Writes what tenants wrote as single lines: no break, no control character, no endless value.</summary>
internal static class Lines
{
    /// <summary>What a row's columns are, in our own words.</summary>
    public const string Columns = "name | type | account/region | environment | managed by (file:line) | id";

    /// <summary>Most characters of an id that is asked for.</summary>
    public const int LongestId = 4096;

    /// <summary>Characters of a value that stands in a line with others.</summary>
    public const int MostValue = 300;

    /// <summary>Characters of a line that holds one value; a page of any letters holds it.</summary>
    public const int MostWhole = 1600;

    public static string Row(ResourceRow row) => string.Join(" | ",
        Cell(row.Name), Cell(row.Type), Place(row), Cell(row.Environment ?? "-"), Managed(row), Id(row.Id));

    public static string Place(ResourceRow row) => (row.Account, row.Region) switch
    {
        (null, null) => "-",
        (var account, null) => Cell(account),
        (null, var region) => Cell(region),
        var (account, region) => $"{Cell(account)}/{Cell(region)}",
    };

    public static string Managed(ResourceRow row) => row switch
    {
        { IsManaged: false } => "unmanaged" + Drifted(row),
        { File: null } => Cell(row.Address ?? "managed") + Drifted(row),
        _ => $"{Cell(row.Address!)} ({Cell(row.File)}:{row.Line}){Drifted(row)}",
    };

    private static string Drifted(ResourceRow row) => row.Drifted.Count == 0 ? "" : Cell($", drifted: {string.Join(", ", row.Drifted)}");

    /// <summary>One line of bounded length; of what is cut it says how many characters are left out.</summary>
    public static string Flat(string text, int most = MostValue)
    {
        var cut = text.Length <= most ? text : FormattableString.Invariant($"{text[..End(text, most)]}… (+{text.Length - End(text, most)})");
        return cut.AsSpan().ContainsAnyInRange('\0', '\u001f') ? string.Concat(cut.Select(letter => char.IsControl(letter) ? ' ' : letter)) : cut;
    }

    /// <summary>The same as one column of a row: a bar of its own begins no other.</summary>
    public static string Cell(string text) => Barred(Flat(text));

    /// <summary>A line as one column of a row.</summary>
    public static string Barred(string line) => line.Replace("|", @"\|", StringComparison.Ordinal);

    /// <summary>A value whole: where it is longer than a line, in several, each behind its name and none begun within a word where there is another way.</summary>
    public static IEnumerable<string> Whole(string name, string value)
    {
        var at = 0;
        do
        {
            var end = value.Length - at <= MostWhole ? value.Length : at + Break(value.AsSpan(at, MostWhole));
            yield return Flat($"{name}{(at > 0 ? "…" : "")}{value[at..end]}", int.MaxValue);
            at = end;
        }
        while (at < value.Length);
    }

    /// <summary>After the last comma, else space: what a secret's name says of it stays beside it.</summary>
    private static int Break(ReadOnlySpan<char> line) => line.LastIndexOf(',') is > 0 and var comma ? comma + 1 : line.LastIndexOf(' ') is > 0 and var space ? space + 1 : End(line, line.Length);

    private static int End(ReadOnlySpan<char> text, int most) => char.IsHighSurrogate(text[most - 1]) ? most - 1 : most;

    /// <summary>An id in one line, whole: with it one goes on.</summary>
    public static string Id(string id) => id.Length <= MostValue ? Flat(id) : string.Concat(id.Take(LongestId).Select(letter => char.IsControl(letter) ? ' ' : letter));

    /// <summary>About how many tokens a line is to a model, rather too many than too few: words of five letters, numbers of three digits, any other sign but a space by itself.</summary>
    public static int Tokens(string line)
    {
        var tokens = 1;
        for (var at = 0; at < line.Length;)
        {
            var (start, isLetter, isDigit) = (at, char.IsAsciiLetter(line[at]), char.IsAsciiDigit(line[at]));
            do
            {
                at++;
            }
            while (at < line.Length && ((isLetter && char.IsAsciiLetter(line[at])) || (isDigit && char.IsAsciiDigit(line[at]))));
            tokens += isLetter ? (at - start + 4) / 5 : isDigit ? (at - start + 2) / 3 : line[start] == ' ' ? 0 : 1;
        }

        return tokens;
    }

    public static int Bytes(string line) => Encoding.UTF8.GetByteCount(line) + 1;
}
