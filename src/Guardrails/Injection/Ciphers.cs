using System.Numerics;

namespace McpInfra.Guardrails.Injection;

/// <summary>Text whose letters stand for others: each so many further in the alphabet (Caesar, rot13), or as far from its end (Atbash).</summary>
internal static class Ciphers
{
    private const int Letters = 26;
    private const int Shortest = 5;
    private static readonly string[] Telling =
    [
        "ignore", "disregard", "forget", "previous", "instruction", "instructions", "system", "assistant", "secret", "secrets", "password", "passwords", "credentials", "override", "prompt", "prompts", "without", "execute",
        "delete", "approve", "reveal", "everything", "before", "their", "there", "which", "would", "should", "about", "after", "other", "these", "those", "answer", "anything", "session", "message", "production",
    ];

    // Words that differ by a shift alone have the same steps from letter to letter: their first letter by the hash of these.
    private static readonly NumberTable Firsts = new(Telling.Length);
    private static readonly NumberTable Mirrored = Read();

    /// <summary>How the folded word was written, if it is a telling one.</summary>
    public static Turn Of(ReadOnlySpan<char> word)
    {
        if (word.Length < Shortest || word.ContainsAnyExceptInRange('a', 'z'))
        {
            return Turn.None;
        }

        return Firsts[Steps(word)] is > 0 and var first && first != word[0]
            ? (Turn)((uint)Turn.Shifted << (Around(word[0] - (int)first) - 1))
            : Mirrored[Hashes.Of(word)] > 0 ? Turn.Mirrored : Turn.None;
    }

    /// <summary>Reads the text by the least of the shifts that its words tell, or by the most; false when it is none, or that one again.</summary>
    public static bool Shift(ReadOnlySpan<char> text, Turn turned, bool most, View view)
    {
        var shifts = (uint)turned / (uint)Turn.Shifted;
        if (shifts == 0 || (most && BitOperations.IsPow2(shifts)))
        {
            return false;
        }

        var by = 1 + (most ? BitOperations.Log2(shifts) : BitOperations.TrailingZeroCount(shifts));
        view.Name = by == Letters / 2 ? "rot13" : "letters shifted";
        Read(text, letter => Around(letter - by), view);
        return true;
    }

    /// <summary>Reads the text with each letter counted from the other end.</summary>
    public static bool Mirror(ReadOnlySpan<char> text, View view)
    {
        view.Name = "letters mirrored";
        Read(text, letter => Letters - 1 - letter, view);
        return true;
    }

    private static void Read(ReadOnlySpan<char> text, Func<int, int> plain, View view)
    {
        for (var at = 0; at < text.Length && view.Length < View.Most; at++)
        {
            var first = char.IsAsciiLetterLower(text[at]) ? 'a' : 'A';
            view.Add(char.IsAsciiLetter(text[at]) ? (char)(first + plain(text[at] - first)) : text[at], at, at + 1);
        }
    }

    private static int Around(int letter) => (letter + Letters) % Letters;

    private static uint Steps(ReadOnlySpan<char> word)
    {
        var hash = Hashes.Empty;
        for (var at = 1; at < word.Length; at++)
        {
            hash = Hashes.With(hash, (char)Around(word[at] - word[at - 1]));
        }

        return Hashes.Ended(hash);
    }

    private static NumberTable Read()
    {
        var mirrored = new NumberTable(Telling.Length);
        foreach (var word in Telling)
        {
            Firsts.TryAdd(Steps(word), word[0]);
            mirrored.TryAdd(Hashes.Of(string.Concat(word.Select(letter => (char)('a' + 'z' - letter)))), 1);
        }

        return mirrored;
    }
}
