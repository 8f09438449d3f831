using System.Buffers;

namespace McpInfra.Guardrails.Injection;

/// <summary>Tells words of orders, turned: `vtaber` and `erongi` for ignore.</summary>
internal static class TurnedWords
{
    private static readonly string[] Telling = ["ignore", "disregard", "previous", "instruct", "system", "assistant", "secret", "password", "override", "prompt", "without", "execute", "delete", "approve", "reveal"];
    private static readonly SearchValues<string> Rotated = SearchValues.Create([.. Telling.Select(Rotate)], StringComparison.Ordinal);
    private static readonly SearchValues<string> Reversed = SearchValues.Create([.. Telling.Select(Reverse)], StringComparison.Ordinal);

    /// <summary>How the folded word is turned, if it is.</summary>
    public static Turn Of(ReadOnlySpan<char> word) => word switch
    {
        "gur" => Turn.Rotated,
        "eht" => Turn.Reversed,
        _ => (word.ContainsAny(Rotated) ? Turn.Rotated : Turn.None) | (word.ContainsAny(Reversed) ? Turn.Reversed : Turn.None),
    };

    /// <summary>The text with each letter turned by thirteen.</summary>
    public static string Rotate(string text) => string.Create(text.Length, text, static (turned, from) =>
    {
        for (var at = 0; at < turned.Length; at++)
        {
            turned[at] = from[at] switch
            {
                >= 'a' and <= 'z' => (char)('a' + ((from[at] - 'a' + 13) % 26)),
                >= 'A' and <= 'Z' => (char)('A' + ((from[at] - 'A' + 13) % 26)),
                var other => other,
            };
        }
    });

    /// <summary>The text from its end.</summary>
    public static string Reverse(string text) => string.Create(text.Length, text, static (turned, from) =>
    {
        from.CopyTo(turned);
        turned.Reverse();
    });
}
