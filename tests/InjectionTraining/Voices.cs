using System.Globalization;

namespace McpInfra.InjectionTraining;

/// <summary>
/// Texts of voices/, each written whole: a file is a manner of writing and is held back whole. A line `:attack TECHNIQUE LANGUAGE` or `:benign KIND LANGUAGE` opens a list, every other line is a text.
/// \n is a line end; where only a part is an order, it stands between ⟦ and ⟧. Each is taught bare and in a carrier. Deterministic.
/// </summary>
internal static class Voices
{
    private const char Open = '⟦', Close = '⟧';

    /// <summary>The texts of every file of a folder.</summary>
    public static IEnumerable<Sample> Read(string folder) => Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal).SelectMany(Voice);

    private static IEnumerable<Sample> Voice(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var random = new Random(name.Aggregate(17, (seed, letter) => (seed * 31) + letter));
        var number = 0;
        string[] kind = [];
        foreach (var line in File.ReadLines(file).Where(line => line.Length > 0))
        {
            if (line[0] == ':')
            {
                kind = line[1..].Split(' ');
            }
            else if (kind.Length > 0)
            {
                var (text, from, to) = Marked(line.Replace("\\n", "\n", StringComparison.Ordinal));
                var id = string.Create(CultureInfo.InvariantCulture, $"voice-{name}-{number++}");
                var attack = kind[0] == "attack";
                var bare = new Sample(id, text, attack, "voice " + name, attack ? "voices" : "benign_voices", attack ? kind[1] : "benign_" + kind[1], "none", from, to, kind[2], Carriers.Bare.Name, Line: id);
                yield return bare;
                var carrier = Carriers.All[random.Next(Carriers.All.Count)];
                var (made, start, end) = carrier.Wrap(text, from, to, random);
                yield return bare with { Id = id + "-carried", Text = made, From = start, To = end, Carrier = carrier.Name };
            }
        }
    }

    private static (string Text, int From, int To) Marked(string line)
    {
        var open = line.IndexOf(Open);
        var close = line.IndexOf(Close);
        return open < 0 || close < open ? (line, 0, line.Length) : (line.Remove(close, 1).Remove(open, 1), open, close - 1);
    }
}
