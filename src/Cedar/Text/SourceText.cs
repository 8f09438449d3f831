using System.Text;

namespace McpInfra.Cedar;

/// <summary>A named text, as read from a file or made by a program.</summary>
public sealed class SourceText
{
    /// <summary>The largest text that is read, in bytes or characters.</summary>
    public const int MaximumLength = 64 << 20;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private int[]? lines;

    /// <summary>A text that is already decoded; the name appears in faults.</summary>
    public SourceText(string name, string text) => (Name, Text) = (name, text);

    /// <summary>The file's name, as faults give it.</summary>
    public string Name { get; }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>Decodes UTF-8, with or without a byte order mark; the fault names the line of the first byte that is not.</summary>
    public static Outcome<SourceText> Decode(string name, ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaximumLength)
        {
            return new([new Fault(name, 1, 1, $"the text has {utf8.Length} bytes; at most {MaximumLength} are read")]);
        }

        utf8 = utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        try
        {
            return new(new SourceText(name, Strict.GetString(utf8)));
        }
        catch (DecoderFallbackException invalid)
        {
            var before = utf8[..Math.Clamp(invalid.Index, 0, utf8.Length)];
            return new([new Fault(name, before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'), "not UTF-8: expected a text in that encoding")]);
        }
    }

    /// <summary>Reads a file; what cannot be read is a fault, not an exception.</summary>
    public static Outcome<SourceText> Read(string path, string? name = null)
    {
        try
        {
            return Decode(name ?? path, File.ReadAllBytes(path));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new([new Fault(name ?? path, 1, 1, $"cannot be read: {unreadable.Message}")]);
        }
    }

    internal SourcePosition Position(Span span)
    {
        var (line, column) = Place(Math.Max(0, span.Start));
        var (endLine, endColumn) = Place(Math.Max(0, span.End));
        return new(Name, line, column, endLine, endColumn);
    }

    internal Fault Fault(Span span, string message)
    {
        var (line, column) = Place(Math.Max(0, span.Start));
        return new(Name, line, column, message);
    }

    internal string Slice(Span span) => span.Start < 0 || span.End > Text.Length ? "" : Text.Substring(span.Start, span.Length);

    private (int Line, int Column) Place(int offset)
    {
        lines ??= Starts(Text);
        var index = Array.BinarySearch(lines, Math.Min(offset, Text.Length));
        index = index < 0 ? ~index - 1 : index;
        return (index + 1, offset - lines[index] + 1);
    }

    private static int[] Starts(string text)
    {
        var starts = new List<int> { 0 };
        for (var at = text.IndexOf('\n'); at >= 0; at = text.IndexOf('\n', at + 1))
        {
            starts.Add(at + 1);
        }

        return [.. starts];
    }
}
