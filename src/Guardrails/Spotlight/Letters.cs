using System.Globalization;

namespace McpInfra.Guardrails.Spotlight;

/// <summary>What a code point can be part of: emoji, scripts that need joiners, marks, or nothing that is seen.</summary>
internal static class Letters
{
    public const int Joiner = 0x200D;
    public const int NonJoiner = 0x200C;
    public const int Keycap = 0x20E3;
    public const int BlackFlag = 0x1F3F4;

    /// <summary>Whether it can begin or continue an emoji sequence.</summary>
    public static bool IsPictograph(int code) => code switch
    {
        0xA9 or 0xAE or 0x203C or 0x2049 or 0x2122 or 0x2139 or 0x24C2 or 0x3030 or 0x303D or 0x3297 or 0x3299 => true,
        >= 0x2194 and <= 0x21AA or >= 0x231A and <= 0x23FF or >= 0x25AA and <= 0x25FE or >= 0x2600 and <= 0x27BF or >= 0x2934 and <= 0x2935 or >= 0x2B05 and <= 0x2B55 => true,
        >= 0x1F000 and <= 0x1FAFF => true,
        _ => false,
    };

    /// <summary>Whether it is a skin tone.</summary>
    public static bool IsModifier(int code) => code is >= 0x1F3FB and <= 0x1F3FF;

    /// <summary>Whether it is a letter or mark of a script that joins letters by zero-width characters.</summary>
    public static bool Joins(int code) => code is >= 0x0600 and <= 0x08FF or >= 0x0900 and <= 0x0DFF or >= 0x1000 and <= 0x109F or >= 0x1780 and <= 0x18AF or >= 0xFB50 and <= 0xFDFF or >= 0xFE70 and <= 0xFEFC
        && code <= 0xFFFF && CharUnicodeInfo.GetUnicodeCategory((char)code) is not (UnicodeCategory.Format or UnicodeCategory.Control);

    /// <summary>Whether it stands on the character before it.</summary>
    public static bool IsMark(int code) => code >= 0x300 && CharUnicodeInfo.GetUnicodeCategory(code) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    /// <summary>Whether nobody sees it, wherever it stands.</summary>
    public static bool IsUnseen(int code) => code switch
    {
        < 0x20 => code is not ('\n' or '\t'),
        >= 0x7F and <= 0x9F => true,
        0xAD or 0x34F or 0x61C or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFEFF or 0xFFA0 => true,
        >= 0x180B and <= 0x180F or >= 0x200B and <= 0x200F or >= 0x202A and <= 0x202E or >= 0x2060 and <= 0x206F or >= 0xFE00 and <= 0xFE0F or >= 0xFFF0 and <= 0xFFFB => true,
        >= 0xFDD0 and <= 0xFDEF or 0xFFFE or 0xFFFF => true,
        >= 0x1BCA0 and <= 0x1BCA3 or >= 0x1D173 and <= 0x1D17A or >= 0xE0000 and <= 0xE0FFF => true,
        _ => false,
    };
}
