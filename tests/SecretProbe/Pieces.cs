using System.Globalization;
using System.Text;

namespace McpInfra.SecretProbe;

/// <summary>Texts of the third and fourth round: pieces of files as people write them, of kinds that no rule names, among harmless ones. Every second kind, of either, is held back.</summary>
public sealed class Pieces
{
    // One text of so many has no credential at all.
    private const int Clean = 3;

    private static readonly (string Name, string Before, Func<string, string> Write, string After)[] Carriers =
    [
        ("as it is", "", text => text, ""), ("as it is", "", text => text, ""), ("as it is", "", text => text, ""),
        ("indented", "    ", text => text.Replace("\n", "\n    ", StringComparison.Ordinal), "\n"),
        ("diff", "@@ -1,4 +1,9 @@\n+", text => text.Replace("\n", "\n+", StringComparison.Ordinal), "\n"),
        ("code of Markdown", "Here is what it says:\n\n```\n", text => text, "```\n"),
        ("string of JSON", "{\"path\":\"a.conf\",\"content\":\"", text => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal), "\"}\n"),
        ("block of YAML", "data:\n  app.conf: |\n    ", text => text.Replace("\n", "\n    ", StringComparison.Ordinal), "\n"),
    ];

    private readonly string round;
    private readonly IReadOnlyList<IReadOnlyList<Snippet>> secrets;
    private readonly IReadOnlyList<IReadOnlyList<Snippet>> harmless;

    private Pieces(string round) => (this.round, secrets, harmless) = (round, Snippet.Read($"{round}.secrets.snippets"), Snippet.Read($"{round}.clean.snippets"));

    /// <summary>The third round.</summary>
    public static Pieces Third { get; } = new("third");

    /// <summary>The fourth round.</summary>
    public static Pieces Fourth { get; } = new("fourth");

    /// <summary>So many texts; the same ones for the same seed.</summary>
    /// <param name="held">Whether of the kinds that are held back; else of the others.</param>
    public IEnumerable<ProbeText> Make(int count, int seed, bool held)
    {
        var random = new Random(seed);
        var (secret, clean) = (Half(secrets, held), Half(harmless, held));
        for (var number = 0; number < count; number++)
        {
            var (text, spans, lookAlikes) = (new StringBuilder(), new List<Marked>(), new List<Marked>());
            var one = Pick(Pick(secret, random), random);
            var carrier = Carriers[random.Next(Carriers.Length)];
            var pieces = new List<Snippet> { Pick(Pick(clean, random), random) };
            if (number % Clean != 0)
            {
                pieces.Insert(random.Next(2), one);
            }

            text.Append(carrier.Before);
            foreach (var piece in pieces)
            {
                piece.Append(text, carrier.Write, spans, lookAlikes, random);
            }

            text.Append(carrier.After);
            yield return new ProbeText(string.Create(CultureInfo.InvariantCulture, $"secret-probe-{round}-{number}"), text.ToString(), carrier.Name, spans, [], lookAlikes);
        }
    }

    private static IReadOnlyList<T> Half<T>(IReadOnlyList<T> kinds, bool held) => [.. kinds.Where((_, place) => place % 2 == 1 == held)];

    private static T Pick<T>(IReadOnlyList<T> of, Random random) => of[random.Next(of.Count)];
}
