using System.Buffers;

namespace McpInfra.Guardrails.Injection;

/// <summary>Tells words of orders, turned: `vtaber` and `erongi` for ignore.</summary>
internal static class TurnedWords
{
    private static readonly string[] Telling = ["ignore", "disregard", "previous", "instruct", "system", "assistant", "secret", "password", "override", "prompt", "without", "execute", "delete", "approve", "reveal"];
    private static readonly SearchValues<string> Rotated = SearchValues.Create([.. Telling.Select(word => Rotate(word))], StringComparison.Ordinal);
    private static readonly SearchValues<string> Reversed = SearchValues.Create([.. Telling.Select(word => Reverse(word))], StringComparison.Ordinal);

    /// <summary>How the folded word is turned, if it is.</summary>
    public static Turn Of(ReadOnlySpan<char> word) => word switch
    {
        "gur" => Turn.Rotated,
        "eht" => Turn.Reversed,
        _ => (word.ContainsAny(Rotated) ? Turn.Rotated : Ciphers.Of(word)) | (word.ContainsAny(Reversed) ? Turn.Reversed : Turn.None),
    };

    /// <summary>Reads the text from its end.</summary>
    public static bool Reverse(ReadOnlySpan<char> text, View view)
    {
        view.Name = "reversed";
        for (var at = text.Length - 1; at >= 0 && view.Length < View.Most; at--)
        {
            view.Add(text[at], at, at + 1);
        }

        return true;
    }

    /// <summary>Reads the text with each word from its end.</summary>
    public static bool ReverseWords(ReadOnlySpan<char> text, View view)
    {
        view.Name = "words reversed";
        var start = 0;
        while (start < text.Length && view.Length < View.Most)
        {
            var length = text[start..].IndexOf(' ');
            var end = length < 0 ? text.Length : start + length;
            for (var at = end - 1; at >= start; at--)
            {
                view.Add(text[at], at, at + 1);
            }

            view.Add(' ', end, end);
            start = end + 1;
        }

        return true;
    }

    private static char Rotate(char letter) => letter switch
    {
        >= 'a' and <= 'z' => (char)('a' + ((letter - 'a' + 13) % 26)),
        >= 'A' and <= 'Z' => (char)('A' + ((letter - 'A' + 13) % 26)),
        _ => letter,
    };

    private static string Rotate(string word) => string.Concat(word.Select(Rotate));

    private static string Reverse(string word) => string.Concat(word.Reverse());
}
