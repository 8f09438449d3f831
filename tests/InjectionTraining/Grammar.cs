using System.Globalization;
using System.Text;

namespace McpInfra.InjectionTraining;

/// <summary>
/// Texts made from the files of grammar/, whose names begin with their language: a line that starts with ':' opens a list, {name} in a line stands for a line of that list, \n is a line end.
/// Lists named `attack TECHNIQUE` and `benign KIND` are expanded, each line several times, bare or in a carrier, alone or among harmless sentences. Deterministic.
/// </summary>
internal sealed class Grammar
{
    private const int ForEnglish = 5;
    private const int ForOthers = 8;
    private const int Deepest = 4;
    private const string Shared = "en";
    private readonly Dictionary<string, List<string>> lists = [];
    private readonly string language;
    private readonly Grammar? english;
    private readonly Random random;
    private readonly string[] harmless;

    private Grammar(string language, IEnumerable<string> files, Grammar? english)
    {
        (this.language, this.english) = (language, english);
        random = new Random(Seed(language));
        List<string>? list = null;
        foreach (var line in files.SelectMany(File.ReadLines))
        {
            if (line.StartsWith(':'))
            {
                list = lists.TryGetValue(line[1..], out var known) ? known : lists[line[1..]] = [];
            }
            else if (line.Length > 0 && line[0] != '#' || list is not null && line.StartsWith("# ", StringComparison.Ordinal))
            {
                list?.Add(line.Replace("\\n", "\n", StringComparison.Ordinal));
            }
        }

        harmless = [.. lists.Where(pair => pair.Key.StartsWith("benign", StringComparison.Ordinal)).SelectMany(pair => pair.Value).Where(line => !line.Contains('\n') && line.Length < 200)];
    }

    /// <summary>The texts of every language of a folder.</summary>
    public static IEnumerable<Sample> Read(string folder)
    {
        var files = Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal).ToLookup(file => Path.GetFileName(file).Split('.')[0]);
        var english = new Grammar(Shared, files[Shared], null);
        return files.SelectMany(language => (language.Key == Shared ? english : new Grammar(language.Key, language, english)).Samples());
    }

    private IEnumerable<Sample> Samples()
    {
        var number = 0;
        foreach (var (name, lines) in lists.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var attack = name.StartsWith("attack", StringComparison.Ordinal);
            if (!attack && !name.StartsWith("benign", StringComparison.Ordinal))
            {
                continue;
            }

            var technique = name[(name.IndexOf(' ') + 1)..];
            foreach (var line in lines)
            {
                var times = language == Shared ? ForEnglish : ForOthers;
                var texts = Enumerable.Range(0, times * 3).Select(_ => Sentence(Expand(line, 0))).Distinct().Take(times).ToArray();
                foreach (var text in texts)
                {
                    yield return Carried(text, attack, technique, number++) with { Template = line };
                }

                // What has nothing to fill in is met in several carriers all the same.
                for (var more = texts.Length; more < Math.Min(times, 3); more++)
                {
                    yield return Carried(texts[0], attack, technique, number++) with { Template = line };
                }
            }
        }
    }

    private Sample Carried(string text, bool attack, string technique, int number)
    {
        var (before, after) = random.Next(3) switch { 0 => (Around(), Around()), 1 => (random.Next(2) == 0 ? Around() : "", ""), _ => ("", "") };
        var whole = before + text + (after.Length > 0 ? " " + after : "");
        var carrier = random.Next(4) == 0 ? Carriers.Bare : Carriers.All[random.Next(Carriers.All.Count)];
        var (made, from, to) = carrier.Wrap(whole, before.Length, before.Length + text.Length, random);
        return new Sample(string.Create(CultureInfo.InvariantCulture, $"grammar-{language}-{number}"), made, attack, language == Shared ? $"grammar en {technique}" : $"grammar {language}", attack ? "grammar" : "benign",
            attack ? technique : "benign_" + technique, "none", from, to, language, carrier.Name);
    }

    private string Around()
    {
        var lines = random.Next(3) == 0 && english is not null ? english.harmless : harmless;
        var sentences = new StringBuilder();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            sentences.Append(Expand(lines[random.Next(lines.Length)], 0)).Append(' ');
        }

        return sentences.ToString();
    }

    private string Sentence(string text) => random.Next(12) switch
    {
        0 => text.ToUpperInvariant(),
        1 => text.ToLowerInvariant(),
        2 => text.TrimEnd('.', '。', '।'),
        _ => text.Length > 0 && char.IsLower(text[0]) && random.Next(3) > 0 ? char.ToUpperInvariant(text[0]) + text[1..] : text,
    };

    private string Expand(string line, int depth)
    {
        var open = line.IndexOf('{');
        if (open < 0 || depth > Deepest)
        {
            return line;
        }

        var made = new StringBuilder();
        var at = 0;
        while (open >= 0)
        {
            made.Append(line, at, open - at);
            var close = line.IndexOf('}', open);
            var name = close < 0 ? "" : line[(open + 1)..close];
            if (name == "id")
            {
                made.Append(CultureInfo.InvariantCulture, $"{random.Next(1000, 999_999)}");
            }
            else if (Of(name) is { } list)
            {
                made.Append(Expand(list[random.Next(list.Count)], depth + 1));
            }
            else
            {
                made.Append('{');
                at = open + 1;
                open = line.IndexOf('{', at);
                continue;
            }

            at = close + 1;
            open = line.IndexOf('{', at);
        }

        return made.Append(line, at, line.Length - at).ToString();
    }

    private List<string>? Of(string name) => lists.TryGetValue(name, out var list) ? list : english?.Of(name);

    // A hash of our own: those of the platform differ from start to start.
    private static int Seed(string name) => name.Aggregate(17, (seed, letter) => (seed * 31) + letter);
}
