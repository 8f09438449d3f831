using McpInfra.Guardrails.Redaction;

namespace McpInfra.Guardrails.Injection;

/// <summary>Text written in dots and dashes: .. --. -. --- .-. .</summary>
internal static class Morse
{
    private const int Shortest = 40;
    private const int Fewest = 12;
    private const int Longest = 6;
    private const string Alphabet = "a.- b-... c-.-. d-.. e. f..-. g--. h.... i.. j.--- k-.- l.-.. m-- n-. o--- p.--. q--.- r.-. s... t- u..- v...- w.-- x-..- y-.-- z--.. 0----- 1.---- 2..--- 3...-- 4....- 5..... 6-.... 7--... 8---.. 9----.";
    private static readonly Runs Signs = new(".- /|\n", Shortest);
    private static readonly char[] Letters = Read();

    /// <summary>Reads every run of such signs that spells several letters; false when there is none.</summary>
    public static bool Read(ReadOnlySpan<char> text, View view)
    {
        view.Name = "morse";
        var at = 0;
        while (Signs.Next(text, at) is (var start, > 0 and var length) && view.Length < View.Most)
        {
            at = start + length;
            var before = view.Length;
            if (text.Slice(start, length).Contains('-') && text.Slice(start, length).Contains('.') && (!Spell(text, start, at, view) || view.Length - before < Fewest))
            {
                view.Cut(before);
            }
        }

        return view.Length > 0;
    }

    // False when a sign means no letter: rulers and leaders are not spelt.
    private static bool Spell(ReadOnlySpan<char> text, int start, int end, View view)
    {
        for (var at = start; at < end; at++)
        {
            var from = at;
            var sign = 1;
            while (at < end && text[at] is '.' or '-' && at - from <= Longest)
            {
                sign = (sign * 2) + (text[at] == '-' ? 1 : 0);
                at++;
            }

            if (at == from)
            {
                // One blank parts letters; more of them, a stroke or a line end part words.
                if (view.Length > 0 && (text[at] != ' ' || (at > start && text[at - 1] == ' ')))
                {
                    view.Add(' ', at, at + 1);
                }
            }
            else if (sign >= Letters.Length || Letters[sign] == '\0')
            {
                return false;
            }
            else
            {
                view.Add(Letters[sign], from, at);
                at--;
            }
        }

        return true;
    }

    // By the signs from the first on, a dash for 1 and a dot for 0, behind a first 1.
    private static char[] Read()
    {
        var letters = new char[1 << Longest];
        foreach (var letter in Alphabet.Split(' '))
        {
            letters[letter.Skip(1).Aggregate(1, (sign, each) => (sign * 2) + (each == '-' ? 1 : 0))] = letter[0];
        }

        return letters;
    }
}
