using System.Buffers;
using McpInfra.Guardrails.Redaction;

namespace McpInfra.Guardrails.Injection;

/// <summary>Text that a person does not see: bytes written as variation selectors, bits as characters of no width, and words cut by terminal sequences.</summary>
internal static class Unseen
{
    private const int Fewest = 8;
    private const int BitsOfByte = 8;
    private static readonly SearchValues<char> Widthless = SearchValues.Create("\u200B\u200C\u200D\u2060\u2061\u2062\u2063\u2064\uFEFF");
    private static readonly string[] Introducers = ["\u001b[", "\\u001b[", "\\u001B[", "\\x1b[", "\\033["];

    /// <summary>Reads what the selectors spell, when there are more of them than emoji need.</summary>
    public static bool Selectors(ReadOnlySpan<char> text, View view)
    {
        view.Name = "variation selectors";
        if (!text.Contains('\uDB40') && text.IndexOfAnyInRange('\uFE00', '\uFE0E') < 0)
        {
            return false;
        }

        var bytes = new List<byte>();
        var (at, start, end) = (0, -1, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            var value = rune.Value is >= 0xFE00 and <= 0xFE0F ? rune.Value - 0xFE00 : rune.Value is >= 0xE0100 and <= 0xE01EF ? rune.Value - 0xE0100 + 16 : -1;
            if (value >= 0 && bytes.Count < View.Most)
            {
                bytes.Add((byte)value);
                (start, end) = (start < 0 ? at : start, at + rune.Utf16SequenceLength);
            }

            at += rune.Utf16SequenceLength;
        }

        view.AddUtf8(bytes.Count >= Fewest ? [.. bytes] : [], start, end, bits: 0);
        return view.Length > 0;
    }

    /// <summary>Reads what the two commonest characters of no width spell as bits, whichever of them is nought; false when it is no text.</summary>
    public static bool Bits(ReadOnlySpan<char> text, View view)
    {
        view.Name = "bits of no width";
        var (letters, start, end, at) = (new List<char>(), -1, 0, 0);
        while (letters.Count < View.Most && text[at..].IndexOfAny(Widthless) is >= 0 and var hit)
        {
            at += hit;
            letters.Add(text[at]);
            (start, end) = (start < 0 ? at : start, ++at);
        }

        var kinds = letters.GroupBy(letter => letter).OrderByDescending(kind => kind.Count()).ThenBy(kind => kind.Key).Select(kind => kind.Key).Take(2).Order().ToArray();
        letters.RemoveAll(letter => !kinds.Contains(letter));
        foreach (var one in kinds.Reverse())
        {
            var bytes = letters.Chunk(BitsOfByte).Where(bits => bits.Length == BitsOfByte).Select(bits => bits.Aggregate(0, (value, bit) => (value << 1) | (bit == one ? 1 : 0))).Select(value => (byte)value).ToArray();
            if (view.Length == 0 && bytes.Length >= Fewest && PrintedBytes.AreUtf8(bytes))
            {
                view.AddUtf8(bytes, start, end, bits: 0);
            }
        }

        return view.Length > 0;
    }

    /// <summary>Reads the text without colours and other terminal sequences, also escaped ones; false when it has none.</summary>
    public static bool WithoutColours(ReadOnlySpan<char> text, View view)
    {
        view.Name = "without colours";
        var (at, from) = (0, 0);
        while (at < text.Length && view.Length < View.Most && text[at..].IndexOfAny('\u001b', '\\') is >= 0 and var hit)
        {
            at += hit;
            if (Introducer(text[at..]) is not (> 0 and var length))
            {
                at++;
                continue;
            }

            view.Add(text[from..at], from);
            at += length;
            while (at < text.Length && text[at] is < '@' or > '~')
            {
                at++;
            }

            from = at = Math.Min(at + 1, text.Length);
        }

        view.Add(from > 0 ? text[from..] : default, from);
        return from > 0;
    }

    private static int Introducer(ReadOnlySpan<char> text)
    {
        foreach (var introducer in Introducers)
        {
            if (text.StartsWith(introducer))
            {
                return introducer.Length;
            }
        }

        return 0;
    }
}
