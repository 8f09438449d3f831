using System.Text;

namespace McpInfra.Guardrails.Injection;

/// <summary>A text read another way, and where each unit of it stands in the text it was read from. Used again for the next one.</summary>
internal sealed class View
{
    /// <summary>Most units of a view: what follows is not read.</summary>
    public const int Most = 1 << 16;

    private const int BitsOfByte = 8;
    private char[] letters = new char[256];
    private (int Start, int End)[] places = [];
    private bool mapped;

    /// <summary>The way it was read, in our own words.</summary>
    public string Name { get; set; } = "";

    /// <summary>Units so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was read so far.</summary>
    public ReadOnlySpan<char> Text => letters.AsSpan(0, Length);

    /// <summary>Nothing yet.</summary>
    /// <param name="mapped">Whether places will be asked for.</param>
    public View Empty(bool mapped)
    {
        (Length, this.mapped) = (0, mapped);
        places = mapped ? new (int, int)[letters.Length] : [];
        return this;
    }

    /// <summary>Forgets what was read; whether it is mapped stays.</summary>
    public void Clear() => Length = 0;

    /// <summary>Forgets what was read but for so many units.</summary>
    public void Cut(int length) => Length = length;

    /// <summary>Says of every unit that it stands for all of some of the text.</summary>
    public void Spread(int start, int end) => places.AsSpan(0, Math.Min(Length, places.Length)).Fill((start, end));

    /// <summary>Adds what stands in the text just so.</summary>
    public void Add(ReadOnlySpan<char> run, int at)
    {
        run = run[..Math.Min(run.Length, Most - Length)];
        run.CopyTo(Room(run.Length));
        for (var unit = 0; mapped && unit < run.Length; unit++)
        {
            places[Length + unit] = (at + unit, at + unit + 1);
        }

        Length += run.Length;
    }

    /// <summary>Adds one unit that stands for some of the text.</summary>
    public void Add(char unit, int start, int end)
    {
        if (Length == Most)
        {
            return;
        }

        Room(1)[0] = unit;
        if (mapped)
        {
            places[Length] = (start, end);
        }

        Length++;
    }

    /// <summary>Adds decoded UTF-8.</summary>
    /// <param name="bytes">What was decoded.</param>
    /// <param name="start">Where its letters start.</param>
    /// <param name="end">Where they end.</param>
    /// <param name="bits">Bits of a letter; 0 when a byte belongs to all of them, as after compression.</param>
    public void AddUtf8(ReadOnlySpan<byte> bytes, int start, int end, int bits)
    {
        if (!mapped)
        {
            Length += Encoding.UTF8.GetChars(bytes, Room(bytes.Length));
            return;
        }

        Span<char> units = stackalloc char[2];
        var at = 0;
        while (at < bytes.Length)
        {
            Rune.DecodeFromUtf8(bytes[at..], out var rune, out var length);
            var (from, to) = Letters(at, length, start, end, bits);
            foreach (var unit in units[..rune.EncodeToUtf16(units)])
            {
                Add(unit, from, to);
            }

            at += length;
        }
    }

    /// <summary>The same for UTF-16, low bytes first.</summary>
    public void AddUtf16(ReadOnlySpan<byte> bytes, int start, int end, int bits)
    {
        for (var at = 0; at + 1 < bytes.Length; at += 2)
        {
            var (from, to) = Letters(at, 2, start, end, bits);
            Add((char)(bytes[at] | (bytes[at + 1] << BitsOfByte)), from, to);
        }
    }

    // The letters that hold so many bytes.
    private static (int Start, int End) Letters(int at, int length, int start, int end, int bits) => bits == 0
        ? (start, end)
        : (start + (at * BitsOfByte / bits), Math.Min(end, start + ((((at + length) * BitsOfByte) + bits - 1) / bits)));

    /// <summary>Where so many units stand in the text.</summary>
    public (int Start, int End) Place(int from, int to)
    {
        var (start, end) = (int.MaxValue, 0);
        foreach (var place in places.AsSpan(from, to - from))
        {
            (start, end) = (Math.Min(start, place.Start), Math.Max(end, place.End));
        }

        return (Math.Min(start, end), end);
    }

    private Span<char> Room(int more)
    {
        if (Length + more > letters.Length)
        {
            Array.Resize(ref letters, Math.Max(letters.Length * 2, Length + more));
        }

        if (mapped && places.Length < letters.Length)
        {
            Array.Resize(ref places, letters.Length);
        }

        return letters.AsSpan(Length);
    }
}
