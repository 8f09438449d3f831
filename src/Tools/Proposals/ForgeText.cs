using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace McpInfra.Tools.Proposals;

/// <summary>Makes an agent's or a tenant's text harmless where a forge gives text power: mentions, references that close issues, commands to CI, links, markup.</summary>
public static partial class ForgeText
{
    /// <summary>One line of at most that many characters, without control or invisible characters, mentions, references, links or brackets.</summary>
    public static string Line(string text, int most)
    {
        var line = Spaces().Replace(Tame(text), " ").Trim().Replace('[', '(').Replace(']', ')').Replace('`', '\'').Replace('<', '(').Replace('>', ')');
        return Cut(line, most);
    }

    /// <summary>The text in a code fence that it cannot close, where nothing is rendered; mentions and references are broken besides.</summary>
    public static string Quote(string text, int most) => Fence(Tame(text), "text", most);

    /// <summary>The text as it is, but for control and invisible characters, in a code fence that it cannot close.</summary>
    public static string Fence(string text, string language, int most)
    {
        var shown = Cut(Visible(text).TrimEnd(), most);
        var fence = new string('`', Math.Max(3, Ticks().Matches(shown).Select(run => run.Length).DefaultIfEmpty().Max() + 1));
        return $"{fence}{language}\n{shown}\n{fence}";
    }

    private static string Tame(string text)
    {
        var tamed = Links().Replace(Visible(text), "$0 ");
        tamed = Mentions().Replace(tamed, "@ ");
        return References().Replace(tamed, "$1 $2");
    }

    private static string Visible(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || !IsHidden(rune))
            {
                visible.Append(rune);
            }
        }

        return visible.ToString();
    }

    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x3164 or 0xFFA0 or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF);

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1)] + "…";

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();

    [GeneratedRegex("`+", RegexOptions.CultureInvariant)]
    private static partial Regex Ticks();

    [GeneratedRegex("@(?=[^\\s])", RegexOptions.CultureInvariant)]
    private static partial Regex Mentions();

    [GeneratedRegex("(#|GH-)(\\d)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex References();

    [GeneratedRegex("(:(?=//)|www\\.(?=\\S)|mailto:(?=\\S))", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Links();
}
