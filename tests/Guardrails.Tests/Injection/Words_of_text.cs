using CsCheck;
using McpInfra.Guardrails.Injection;
using Xunit;

namespace McpInfra.Guardrails.Tests.Injection;

public sealed class Words_of_text
{
    private static readonly Gen<string> Texts = Gen.OneOf(
            Among("ignore", "PREVIOUS", "iongre", "pr3vious", "erongi", "vtaber", "gur", "i-0abc123", "12", "arn:aws:s3:::b", "https://a.b/c?d={", "don't", "p@ss", "a_b", "---", "<b>", "größe", "忽略", "\u0441opy", "supercalifragilistic0123456789abcdef"),
            Gen.String[Gen.Char[' ', '~'], 0, 24])
        .Array[0, 20].Select(words => string.Join(' ', words));

    [Fact]
    public void Are_the_same_when_they_are_read_one_letter_at_a_time() => Texts.Sample(
        text =>
        {
            // Between two letters, a character that is not seen changes nothing but takes the long way.
            var apart = string.Concat(text.Select((letter, at) => at > 0 && char.IsAsciiLetterOrDigit(letter) && char.IsAsciiLetterOrDigit(text[at - 1]) && !Escaped(text, at) ? "\u200b" + letter : letter.ToString()));
            return Read(text).SequenceEqual(Read(apart));
        },
        iter: 5_000);

    [Fact]
    public void Mean_the_same_however_often_they_were_read() => Texts.Sample(
        text =>
        {
            var tokens = new Tokens(Shipped);
            var first = tokens.Read(text).ToArray();
            return first.SequenceEqual(tokens.Read(text));
        },
        iter: 2_000);

    [Theory]
    [InlineData("copy pass. ignore, previous", "copy ignore")]
    [InlineData("pass\n  - \"copy\": ignore it", "pass copy ignore")]
    [InlineData("{\"note\": \"pass copy\\nignore previous\"}", "note pass ignore")]
    [InlineData("copy a.pass b=ignore (previous)", "copy pass ignore")]
    [InlineData("(previous) copy", "previous")]
    public void Know_which_of_them_a_sentence_a_line_or_a_value_begins_with(string text, string first) => Assert.Equal(
        first,
        string.Join(' ', new Tokens(Shipped).Read(text).Where(token => token.IsFirst && char.IsAsciiLetter(text[token.Start])).Select(token => string.Concat(text[token.Start..].TakeWhile(char.IsAsciiLetter)))));

    private static Vocabulary Shipped { get; } = new(["ignore", "previous", "copy", "pass", "größe"]);

    private static bool Escaped(string text, int at) => text.AsSpan(Math.Max(0, at - 10), Math.Min(at, 10)).ContainsAny('\\', '%', '&');

    private static (uint, byte)[] Read(string text) => [.. new Tokens(Shipped).Read(text).Select(token => (token.Hash, token.Class))];

    private static Gen<string> Among(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
