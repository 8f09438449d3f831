using System.Text;

namespace McpInfra.Guardrails.Injection;

/// <summary>English words that say the same (synonyms.txt), form by form, so that what was learnt of one holds for the others.</summary>
internal static class Synonyms
{
    private const int Forms = 4;
    private static readonly NumberTable Numbers = new(4096);
    private static readonly List<string> Heads = [""];
    private static readonly List<uint> HeadHashes = [0];
    private static readonly List<string> Words = Read();

    /// <summary>Every word listed, in its forms.</summary>
    public static IReadOnlyList<string> All => Words;

    /// <summary>The word that says the same, and its number; the word itself and 0 when none is listed.</summary>
    public static (string Word, uint Number) Of(uint hash, string word) => Numbers[hash] is > 0 and var number ? (Heads[(int)number], number) : (word, 0);

    /// <summary>The hash of the word of a number.</summary>
    public static uint Hash(uint number) => HeadHashes[(int)number];

    private static List<string> Read()
    {
        using var stream = typeof(Synonyms).Assembly.GetManifestResourceStream("McpInfra.Guardrails.Injection.synonyms.txt") ?? throw new InvalidOperationException("The list of synonyms is missing from the program.");
        using var lines = new StreamReader(stream, Encoding.UTF8);
        var all = new List<string>();
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var colon = line.IndexOf(':');
            string[] words = [line[..colon], .. line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)];
            for (var form = 0; form < Forms; form++)
            {
                var head = Form(words[0], form);
                Heads.Add(head);
                HeadHashes.Add(Hashes.Of(head));
                foreach (var word in words.Select(word => Form(word, form)))
                {
                    if (Numbers.TryAdd(Hashes.Of(word), (uint)Heads.Count - 1))
                    {
                        all.Add(word);
                    }
                }
            }
        }

        return all;
    }

    private static string Form(string word, int form)
    {
        var stem = word.EndsWith('e') ? word[..^1] : word;
        return form switch
        {
            1 => word.EndsWith('y') ? word[..^1] + "ies" : word.EndsWith('s') || word.EndsWith('h') ? word + "es" : word + "s",
            2 => word.EndsWith('y') ? word[..^1] + "ied" : stem + "ed",
            3 => stem + "ing",
            _ => word,
        };
    }
}
