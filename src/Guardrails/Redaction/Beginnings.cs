using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds where one of some strings stands in a text, by tables of their first three characters: sixteen characters at a time, however many strings there are.</summary>
internal sealed class Beginnings
{
    private const int MostGroups = 8;
    private const int Keys = 1 << 17;
    private readonly ulong[] starts = new ulong[Keys / 64];
    private readonly Groups firsts, seconds, thirds;
    private readonly string[][] byFirst = new string[128][];

    /// <param name="beginnings">ASCII, of two characters at least.</param>
    public Beginnings(IEnumerable<string> beginnings)
    {
        // Strings that start alike share a group, so that the three tests of a group are as sharp as can be.
        var all = beginnings.Order(StringComparer.Ordinal).ToArray();
        var groups = all.Chunk((all.Length + MostGroups - 1) / MostGroups).ToList();
        (firsts, seconds, thirds) = (Groups.At(0, groups), Groups.At(1, groups), Groups.At(2, groups));
        foreach (var beginning in all)
        {
            var (least, most) = beginning.Length > 2 ? (beginning[2], beginning[2]) : ('\0', char.MaxValue);
            for (int third = least; third <= most; third++)
            {
                var key = Key(beginning[0], beginning[1], (char)third);
                starts[key >> 6] |= 1ul << key;
            }
        }

        for (var letter = 0; letter < byFirst.Length; letter++)
        {
            byFirst[letter] = [.. all.Where(beginning => beginning[0] == letter)];
        }
    }

    /// <summary>The first position, from one on, where one of the strings stands; the text's length when there is none.</summary>
    public int Next(ReadOnlySpan<char> text, int from)
    {
        var at = from;
        var units = MemoryMarshal.Cast<char, ushort>(text);
        for (; at + Vector128<byte>.Count + 2 <= text.Length; at += Vector128<byte>.Count)
        {
            for (var hits = Candidates(units[at..]); hits != 0; hits &= hits - 1)
            {
                var hit = at + BitOperations.TrailingZeroCount(hits);
                var key = Key(text[hit], text[hit + 1], text[hit + 2]);
                if (((starts[key >> 6] >> key) & 1) != 0 && Stand(text[hit..]))
                {
                    return hit;
                }
            }
        }

        for (; at < text.Length; at++)
        {
            if (Stand(text[at..]))
            {
                return at;
            }
        }

        return text.Length;
    }

    // A bit for each of sixteen positions where the first three characters could be those of a string of one group.
    private uint Candidates(ReadOnlySpan<ushort> units)
    {
        var groups = firsts.Of(Bytes(units)) & seconds.Of(Bytes(units[1..])) & thirds.Of(Bytes(units[2..]));
        return ~Vector128.Equals(groups, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
    }

    private static Vector128<byte> Bytes(ReadOnlySpan<ushort> units) => Vector128.NarrowWithSaturation(Vector128.Create(units), Vector128.Create(units[8..]));

    /// <summary>Whether the text starts with one of the strings.</summary>
    public bool Stand(ReadOnlySpan<char> rest)
    {
        if (rest[0] >= byFirst.Length)
        {
            return false;
        }

        foreach (var beginning in byFirst[rest[0]])
        {
            if (rest.StartsWith(beginning, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static int Key(char first, char second, char third) => (first ^ (second << 5) ^ (third << 10)) & (Keys - 1);

    /// <summary>The groups, a bit each, that have a string with some character at one place; by the character's halves.</summary>
    private readonly struct Groups(Vector128<byte> low, Vector128<byte> high)
    {
        /// <summary>The groups of each of sixteen characters.</summary>
        public Vector128<byte> Of(Vector128<byte> letters) =>
            Vector128.ShuffleNative(low, letters & Vector128.Create((byte)0x0F)) & Vector128.ShuffleNative(high, letters >>> 4);

        /// <summary>The groups of strings by their character at a place; a string that is shorter goes with any.</summary>
        public static Groups At(int place, IReadOnlyList<string[]> groups)
        {
            Span<byte> low = stackalloc byte[16];
            Span<byte> high = stackalloc byte[16];
            for (var group = 0; group < groups.Count; group++)
            {
                foreach (var text in groups[group])
                {
                    var bit = (byte)(1 << group);
                    if (place < text.Length)
                    {
                        low[text[place] & 0x0F] |= bit;
                        high[text[place] >> 4] |= bit;
                        continue;
                    }

                    foreach (ref var half in low)
                    {
                        half |= bit;
                    }

                    foreach (ref var half in high)
                    {
                        half |= bit;
                    }
                }
            }

            return new Groups(Vector128.Create<byte>(low), Vector128.Create<byte>(high));
        }
    }
}
