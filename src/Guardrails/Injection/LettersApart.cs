using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace McpInfra.Guardrails.Injection;

/// <summary>Text written with its letters apart (i g n o r e, i.g.n.o.r.e), read together.</summary>
internal static class LettersApart
{
    private const int Fewest = 8;
    private const int ShortestWord = 3;
    private const int WidestGap = 4;

    // What stands before the first run may be said with it.
    private const int Before = 1000;

    /// <summary>Reads the text from the first of such runs on, with their letters together; a wider gap parts words. False when it has none.</summary>
    public static bool Join(ReadOnlySpan<char> text, View view)
    {
        view.Name = "letters apart";
        if (!MayHold(text))
        {
            return false;
        }

        var words = new List<(int At, int End, char Separator)>();
        int from = -1, at = 0, letters = 0;
        while (at + 2 < text.Length && view.Length < View.Most)
        {
            var separator = text[at + 1];
            if (char.IsLetterOrDigit(separator) || !char.IsLetterOrDigit(text[at]) || separator is '\n' or '\\' || (at > 0 && char.IsLetterOrDigit(text[at - 1])))
            {
                at = Alone(text, at + 1);
                continue;
            }

            var end = at;
            var count = 1;
            while (end + 2 < text.Length && text[end + 1] == separator && (char.IsLetterOrDigit(text[end + 2]) || (text[end + 2] == separator && separator == ' ')))
            {
                end += 2;
                while (end < text.Length - 1 && text[end] == separator)
                {
                    end++;
                }

                count++;
            }

            if (count >= ShortestWord)
            {
                if (words.Count > 0 && at - words[^1].End > WidestGap)
                {
                    End(text);
                }

                words.Add((at, end, separator));
                letters += count;
            }

            at = end + 1;
        }

        End(text);
        view.Add(from < 0 ? default : text[from..], from);
        return from >= 0;

        // Words close to each other count together.
        void End(ReadOnlySpan<char> text)
        {
            foreach (var word in letters >= Fewest ? words : [])
            {
                from = from < 0 ? Math.Max(0, word.At - Before) : from;
                view.Add(text[from..word.At], from);
                Join(text, word.At, word.End, word.Separator, view);
                from = word.End + 1;
            }

            words.Clear();
            letters = 0;
        }
    }

    // Letters apart have the same separator at every second place; few other texts have it three times.
    private static bool MayHold(ReadOnlySpan<char> text)
    {
        var at = 0;
        var units = MemoryMarshal.Cast<char, ushort>(text);
        for (; at + 4 + Vector<ushort>.Count <= units.Length; at += Vector<ushort>.Count)
        {
            var first = new Vector<ushort>(units[at..]);
            var third = new Vector<ushort>(units[(at + 2)..]);
            if (Vector.EqualsAny(first ^ third | third ^ new Vector<ushort>(units[(at + 4)..]), Vector<ushort>.Zero) && Repeats(text.Slice(at, Vector<ushort>.Count + 4)))
            {
                return true;
            }
        }

        return Repeats(text[at..]);
    }

    private static bool Repeats(ReadOnlySpan<char> text)
    {
        for (var at = 0; at + 4 < text.Length; at++)
        {
            if (text[at] == text[at + 2] && text[at] == text[at + 4] && !char.IsLetterOrDigit(text[at]) && text[at] != text[at + 1])
            {
                return true;
            }
        }

        return false;
    }

    // The first position from one behind the first on where a letter or digit may stand alone: of other scripts, any may.
    private static int Alone(ReadOnlySpan<char> text, int at)
    {
        var units = MemoryMarshal.Cast<char, ushort>(text);
        for (; at + Vector256<byte>.Count - 1 <= text.Length; at += Vector256<byte>.Count - 2)
        {
            var around = units[(at - 1)..];
            var bytes = Vector256.NarrowWithSaturation(Vector256.Create(around), Vector256.Create(around[Vector256<ushort>.Count..]));
            var letters = Vector256.LessThanOrEqual((bytes | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)25));
            var plain = (letters | Vector256.LessThanOrEqual(bytes - Vector256.Create((byte)'0'), Vector256.Create((byte)9))).ExtractMostSignificantBits();
            var alone = (plain | bytes.ExtractMostSignificantBits()) & ~((plain << 1) | (plain >> 1)) & 0x7FFF_FFFE;
            if (alone != 0)
            {
                return at - 1 + BitOperations.TrailingZeroCount(alone);
            }
        }

        return at;
    }

    private static void Join(ReadOnlySpan<char> text, int at, int end, char separator, View view)
    {
        for (var place = at; place <= end; place++)
        {
            if (text[place] != separator)
            {
                view.Add(text[place], place, place + 1);
            }
            else if (place + 1 <= end && text[place + 1] == separator)
            {
                view.Add(' ', place, place + 1);
            }
        }
    }
}
