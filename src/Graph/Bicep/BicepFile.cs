using System.Text;
using System.Text.RegularExpressions;

namespace McpInfra.Graph.Bicep;

/// <summary>Declarations of resources in a Bicep file: type, name as far as it is written, and lines. No more of the language is read; broken files give what can be told of them.</summary>
internal static partial class BicepFile
{
    private const int MostBytes = 1 << 20;
    private const int MostDeclarations = 2000;

    /// <summary>The resources that the file makes; what it only refers to (`existing`) is left out.</summary>
    public static IReadOnlyList<BicepDeclaration> Read(string path, byte[] file)
    {
        if (file.Length > MostBytes)
        {
            return [];
        }

        var lines = BicepText.WithoutComments(Encoding.UTF8.GetString(file)).Split('\n');
        var found = new List<BicepDeclaration>();
        for (var at = 0; at < lines.Length && found.Count < MostDeclarations; at++)
        {
            if (Declaration().Match(lines[at]) is { Success: true } declaration && !declaration.Groups["existing"].Success)
            {
                var (end, name) = Body(lines, at);
                found.Add(new BicepDeclaration(path, at + 1, end + 1, declaration.Groups["type"].Value, name));
            }
        }

        return found;
    }

    /// <summary>The last line of what begins on a line, and its own `name`.</summary>
    private static (int End, string? Name) Body(string[] lines, int start)
    {
        var (depth, name) = (0, (string?)null);
        for (var at = start; at < lines.Length; at++)
        {
            if (at > start && depth == 1)
            {
                name ??= Name().Match(lines[at]) is { Success: true } own ? own.Groups[1].Value : null;
            }

            depth += Depth(lines[at]);
            if (depth <= 0 && (at > start || lines[at].Contains('{', StringComparison.Ordinal)))
            {
                return (at, name);
            }
        }

        return (lines.Length - 1, name);
    }

    // A loop's bracket and its body count as one: `[for … : {`.
    private static int Depth(string line)
    {
        var plain = Quoted().Replace(line, "''");
        return plain.Count(letter => letter == '{') - plain.Count(letter => letter == '}');
    }

    [GeneratedRegex(@"^\s*resource\s+\w+\s+'(?<type>[\w.]+(?:/[\w.]+)+)@[^']*'\s*(?<existing>existing\s*)?=", RegexOptions.CultureInvariant)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^\s*name\s*:\s*'((?:[^'\\]|\\.)*)'\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"'(?:[^'\\]|\\.)*'", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();
}
