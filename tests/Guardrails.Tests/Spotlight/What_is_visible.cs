using System.Text;
using CsCheck;
using McpInfra.Guardrails.Spotlight;
using Xunit;

namespace McpInfra.Guardrails.Tests.Spotlight;

public sealed class What_is_visible
{
    [Theory]
    [InlineData("a\u200bb\u2060c\ufeffd", "abcd")]
    [InlineData("a\u202eb\u2066c\u2069", "abc")]
    [InlineData("x\U000e0049\U000e0067", "x")]
    [InlineData("a\ufe0fb\U000e0100", "ab")]
    [InlineData("a\u00adb\u3164c\u115fd", "abcd")]
    [InlineData("\u001b[31mred\u001b[0m \u009b1mbold", "red bold")]
    [InlineData("\u001b]8;;https://evil.example\u001b\\text\u001b]8;;\u0007", "text")]
    [InlineData("\u001b]0;title never closed", "0;title never closed")]
    [InlineData("a\0b\u0007c\u0085d\re", "abcde")]
    [InlineData("l\u2028m", "l\nm")]
    [InlineData("e\u0301\u0301\u0301\u0301\u0301\u0301\u0301x", "e\u0301\u0301\u0301\u0301x")]
    [InlineData("a\u200db\u200cc", "abc")]
    public void What_nobody_sees_is_gone(string text, string seen) => Assert.Equal(seen, Visible.Of(text));

    [Theory]
    [InlineData("plain text, tab\tand line\n")]
    [InlineData("👩‍👩‍👧‍👦 👩🏽‍🚀 ❤️‍🔥 1️⃣ ☺️ 🇩🇪 🏳️‍🌈")]
    [InlineData("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f")]
    [InlineData("می‌خواهم نمی‌دانم")]
    [InlineData("क्‍ष ශ්‍රී")]
    [InlineData("שלום עולם, مرحبا بالعالم")]
    [InlineData("Tiếng Việt, über, naïve, Ελληνικά, 日本語")]
    public void What_a_person_sees_stays(string text) => Assert.Same(text, Visible.Of(text));

    [Fact]
    public void Half_a_character_is_shown_as_one_that_is_missing() => Assert.Equal("\ufffdx\ufffd", Visible.Of("\ud800x\udc00"));

    [Fact]
    public void Tags_behind_a_flag_that_spell_no_region_are_gone() =>
        Assert.Equal("🏴", Visible.Of("🏴" + string.Concat("hello".Select(letter => char.ConvertFromUtf32(0xE0000 + letter))) + "\U000e007f"));

    [Fact]
    public void Positions_lead_back_to_the_text()
    {
        var view = Visible.Of("a\u200b\U0001F600\u001b[1mb", out var origins);
        Assert.Equal("a\U0001F600b", view);
        Assert.Equal([0, 2, 3, 8], origins);
    }

    [Fact]
    public void Seeing_twice_equals_seeing_once_on_any_text()
    {
        string[] pieces = ["a", "ب", "क", "1", "\u200d", "\u200c", "\u200b", "\ufe0f", "\u20e3", "😀", "👩", "🏽", "🏴", "\U000e0067", "\U000e0062", "\U000e007f", "\u001b", "[", "]", "m", "\u0007", "\\", "\u009b", "\u009d", "\u0301", "\ud83d", "\ude00", "\n", "\u2028", "gbsct"];
        Gen.Int[0, pieces.Length - 1].Select(index => pieces[index]).Array[0, 24].Select(string.Concat).Sample(text =>
        {
            var once = Visible.Of(text);
            return Visible.Of(once) == once && !once.EnumerateRunes().Any(rune => rune.Value is 0x1B or 0x200B or 0x202E);
        }, iter: 30_000);
    }

    [Theory]
    [InlineData("\u009d")]
    [InlineData("\u001b]")]
    [InlineData("\u001b[")]
    [InlineData("\U000e0067")]
    [InlineData("\u0301")]
    public void A_megabyte_of_one_piece_is_read(string piece) => Assert.True(Visible.Of(new StringBuilder().Insert(0, piece, 1_000_000 / piece.Length).ToString()).Length < 1_000_000);
}
