using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>The characters that the body of a credential is written in.</summary>
internal sealed class Alphabet
{
    private static int made;
    private readonly SearchValues<char> letters;

    private Alphabet(string letters) => (this.letters, Number) = (SearchValues.Create(letters), made++);

    /// <summary>How many there are.</summary>
    public static int Count => made;

    /// <summary>Tells it from the others, from 0.</summary>
    public int Number { get; }

    public const string Lower = "abcdefghijklmnopqrstuvwxyz";
    public const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    public const string Digit = "0123456789";

    public static Alphabet Hex { get; } = new(Digit + "abcdefABCDEF");

    public static Alphabet UpperDigit { get; } = new(Upper + Digit);

    public static Alphabet LowerDigit { get; } = new(Lower + Digit);

    public static Alphabet Alnum { get; } = new(Lower + Upper + Digit);

    public static Alphabet Word { get; } = new(Lower + Upper + Digit + "_-");

    public static Alphabet Dotted { get; } = new(Lower + Upper + Digit + "_-.~");

    public static Alphabet Dollar { get; } = new(Lower + Upper + Digit + "_-$");

    public static Alphabet Base64 { get; } = new(Lower + Upper + Digit + "+/=_-%");

    public bool Has(char letter) => letters.Contains(letter);

    /// <summary>Length of the run of the alphabet that the text starts with; `\/`, `\u002b` and their like count as what they stand for.</summary>
    public int Run(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (true)
        {
            var length = text[at..].IndexOfAnyExcept(letters);
            if (length < 0)
            {
                return text.Length;
            }

            at += length;
            var escaped = Escape(text[at..], out var letter);
            if (escaped == 0 || !Has(letter))
            {
                return at;
            }

            at += escaped;
        }
    }

    private static int Escape(ReadOnlySpan<char> text, out char letter)
    {
        letter = '\0';
        if (text.StartsWith("\\/"))
        {
            letter = '/';
            return 2;
        }

        if (text.Length >= 6 && text.StartsWith("\\u00") && byte.TryParse(text.Slice(4, 2), System.Globalization.NumberStyles.HexNumber, null, out var code))
        {
            letter = (char)code;
            return 6;
        }

        return 0;
    }
}
