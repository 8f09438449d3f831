using System.Text;
using System.Text.RegularExpressions;

namespace McpInfra.Graph.Collectors.Documents;

/// <summary>A CODEOWNERS file by GitHub's rules: the last pattern that matches a path names its owners, also when it names none.</summary>
public sealed class CodeOwners
{
    private const int MostRules = 5000;
    private const int MostPattern = 300;

    private readonly List<(Regex Pattern, string Owners)> rules;

    private CodeOwners(List<(Regex, string)> rules) => this.rules = rules;

    /// <summary>What of the file was not read, in our own words; null when all was.</summary>
    public string? Fault { get; private init; }

    /// <summary>Where GitHub looks for the file, in its order.</summary>
    public static IReadOnlyList<string> Places { get; } = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

    /// <summary>Reads the file; lines that mean nothing are passed over, as GitHub does.</summary>
    public static CodeOwners Parse(byte[] file)
    {
        var rules = new List<(Regex, string)>();
        var lines = DocumentText.Of(file).Split('\n');
        foreach (var line in lines.Take(MostRules))
        {
            var words = Words(line);
            // GitHub supports neither negation nor character ranges; such lines are void.
            if (words.Count > 0 && words[0].Length <= MostPattern && words[0][0] is not ('!' or '#') && !words[0].Contains('[', StringComparison.Ordinal))
            {
                rules.Add((Compile(words[0]), string.Join(' ', words.Skip(1))));
            }
        }

        return new CodeOwners(rules) { Fault = lines.Length > MostRules ? $"has over {MostRules} lines, and those after are not read, though the last that fits a path names its owner" : null };
    }

    /// <summary>The owners of a path with `/` from the repository's root, or null when nobody owns it.</summary>
    public string? Of(string path)
    {
        for (var at = rules.Count - 1; at >= 0; at--)
        {
            if (rules[at].Pattern.IsMatch(path))
            {
                return rules[at].Owners is { Length: > 0 } owners ? owners : null;
            }
        }

        return null;
    }

    /// <summary>Words of a line up to a remark; `\ ` and `\#` are a space and a number sign of the pattern.</summary>
    private static List<string> Words(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var at = 0; at <= line.Length; at++)
        {
            var letter = at < line.Length ? line[at] : ' ';
            if (letter == '\\' && at + 1 < line.Length)
            {
                word.Append(line[++at]);
            }
            else if (char.IsWhiteSpace(letter) || (letter == '#' && word.Length == 0))
            {
                if (word.Length > 0)
                {
                    words.Add(word.ToString());
                    word.Clear();
                }

                if (letter == '#')
                {
                    break;
                }
            }
            else
            {
                word.Append(letter);
            }
        }

        return words;
    }

    /// <summary>A pattern with a slash before its end is anchored at the root; one that names a folder covers what is in it; `*` stays within a folder, `**` does not.</summary>
    private static Regex Compile(string pattern)
    {
        var anchored = pattern.TrimEnd('/').Contains('/', StringComparison.Ordinal);
        var folder = pattern.EndsWith('/');
        var body = pattern.Trim('/');
        var text = new StringBuilder(anchored ? "^" : "(?:^|/)");
        for (var at = 0; at < body.Length; at++)
        {
            var rest = body.AsSpan(at);
            if (rest.StartsWith("**/"))
            {
                text.Append("(?:.*/)?");
                at += 2;
            }
            else if (rest.StartsWith("**"))
            {
                text.Append(".*");
                at++;
            }
            else
            {
                text.Append(body[at] switch { '*' => "[^/]*", '?' => "[^/]", var letter => Regex.Escape(letter.ToString()) });
            }
        }

        // `docs/*` owns the files in docs, not those further down.
        text.Append(folder ? "/" : body.EndsWith("/*", StringComparison.Ordinal) ? "$" : "(?:/|$)");
        // Without backtracking a match takes time in proportion to the path, whatever the pattern.
        return new Regex(text.ToString(), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }
}
