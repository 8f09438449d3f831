using System.Globalization;

namespace McpInfra.Guardrails.Spotlight;

/// <summary>Others' text where a terminal or a record shows it: nothing in it moves a cursor, turns a line around or goes unseen.</summary>
public static class Printable
{
    /// <summary>Whether a person sees the character as itself.</summary>
    public static bool IsSeen(char letter) => !char.IsControl(letter) && !char.IsSurrogate(letter)
        && char.GetUnicodeCategory(letter) is not (UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>One line, U+FFFD for every character that is not seen.</summary>
    public static string Line(string text) => text.All(IsSeen) ? text : string.Concat(text.Select(letter => IsSeen(letter) ? letter : '\uFFFD'));
}
