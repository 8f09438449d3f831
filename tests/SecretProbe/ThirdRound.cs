using System.Globalization;
using System.Text;

namespace McpInfra.SecretProbe;

/// <summary>Texts of the third round: pieces of files as people write them, of kinds that no rule names, among harmless ones. Every second kind is held back: nothing was mended by what it showed.</summary>
public static class ThirdRound
{
    // One text of so many has no credential at all.
    private const int Clean = 3;

    private static readonly IReadOnlyList<IReadOnlyList<Snippet>> Secrets = Snippet.Read("secrets.snippets");
    private static readonly IReadOnlyList<IReadOnlyList<Snippet>> Harmless = Snippet.Read("clean.snippets");

    private static readonly (string Name, string Before, Func<string, string> Write, string After)[] Carriers =
    [
        ("as it is", "", text => text, ""), ("as it is", "", text => text, ""), ("as it is", "", text => text, ""),
        ("indented", "    ", text => text.Replace("\n", "\n    ", StringComparison.Ordinal), "\n"),
        ("diff", "@@ -1,4 +1,9 @@\n+", text => text.Replace("\n", "\n+", StringComparison.Ordinal), "\n"),
        ("code of Markdown", "Here is what it says:\n\n```\n", text => text, "```\n"),
        ("string of JSON", "{\"path\":\"a.conf\",\"content\":\"", text => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal), "\"}\n"),
        ("block of YAML", "data:\n  app.conf: |\n    ", text => text.Replace("\n", "\n    ", StringComparison.Ordinal), "\n"),
    ];

    /// <summary>So many texts; the same ones for the same seed.</summary>
    /// <param name="held">Whether of the kinds that are held back; else of the others.</param>
    public static IEnumerable<ProbeText> Make(int count, int seed, bool held)
    {
        var random = new Random(seed);
        for (var number = 0; number < count; number++)
        {
            var (text, spans, harmless) = (new StringBuilder(), new List<Marked>(), new List<Marked>());
            var secret = Pick(Pick([.. Secrets.Where((_, place) => place % 2 == 1 == held)], random), random);
            var carrier = Carriers[random.Next(Carriers.Length)];
            var pieces = new List<Snippet> { Pick(Pick(Harmless, random), random) };
            if (number % Clean != 0)
            {
                pieces.Insert(random.Next(2), secret);
            }

            text.Append(carrier.Before);
            foreach (var piece in pieces)
            {
                piece.Append(text, carrier.Write, spans, harmless, random);
            }

            text.Append(carrier.After);
            yield return new ProbeText(string.Create(CultureInfo.InvariantCulture, $"secret-probe-3-{number}"), text.ToString(), carrier.Name, spans, [], harmless);
        }
    }

    private static T Pick<T>(IReadOnlyList<T> of, Random random) => of[random.Next(of.Count)];
}
