using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace McpInfra.Graph.Collectors;

/// <summary>Reads files of sources that are JSON in UTF-8, with a bound on size and depth; a fault names the file, the place and what mends it.</summary>
/// <param name="Noun">What such files are.</param>
/// <param name="MostMegabytes">Of one file, however it is compressed.</param>
/// <param name="Make">How one comes to be.</param>
/// <param name="Shrink">What makes one smaller.</param>
/// <param name="Repeat">How one that is cut is had whole.</param>
internal sealed record JsonFile(string Noun, int MostMegabytes, string Make, string Shrink, string Repeat)
{
    /// <summary>Levels of one value.</summary>
    public const int MostDepth = 128;

    /// <summary>Bytes of one file.</summary>
    public long MostBytes => (long)MostMegabytes << 20;

    /// <summary>A file's bytes.</summary>
    /// <exception cref="SourceException">It is missing, unreadable or too large.</exception>
    public byte[] Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Read(stream) ?? throw TooLarge(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SourceException($"There is no {Noun} file at {path}. Correct the source's `path`, or {Make}.", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"{path} cannot be read. Let the server's user read it.", fault);
        }
    }

    /// <summary>A stream to its end; null when there is too much of it.</summary>
    public byte[]? Read(Stream stream)
    {
        if (stream.CanSeek && stream.Length > MostBytes)
        {
            return null;
        }

        using var kept = new MemoryStream(stream.CanSeek ? (int)stream.Length : 0);
        var piece = new byte[64 << 10];
        for (int read; (read = stream.Read(piece)) > 0;)
        {
            if (kept.Length + read > MostBytes)
            {
                return null;
            }

            kept.Write(piece, 0, read);
        }

        return kept.ToArray();
    }

    /// <summary>The one value of a file.</summary>
    /// <exception cref="SourceException">It is cut off, too deep or not UTF-8.</exception>
    public JsonDocument Parse(byte[] bytes, string name)
    {
        try
        {
            return JsonDocument.Parse(Text(bytes, name), new JsonDocumentOptions { MaxDepth = MostDepth });
        }
        catch (JsonException fault)
        {
            throw NotWhole(name, fault);
        }
    }

    /// <summary>A file's text without a mark of its encoding.</summary>
    /// <exception cref="SourceException">It is empty, or not UTF-8.</exception>
    public ReadOnlyMemory<byte> Text(byte[] bytes, string name)
    {
        var text = bytes.AsMemory(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0);
        if (!Utf8.IsValid(text.Span))
        {
            throw new SourceException(bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]
                ? $"{name} is UTF-16, as PowerShell's `>` writes. Write it as UTF-8 (`| Out-File -Encoding utf8`)."
                : $"{name} is not UTF-8 (line {BadLine(text.Span)}). Write it as UTF-8.");
        }

        if (text.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            throw new SourceException($"{name} is empty: nothing was written to it. {Repeat}.");
        }

        JsonText.Mend(text.Span);
        return text;
    }

    /// <summary>The fault of one that does not parse.</summary>
    public SourceException NotWhole(string name, JsonException fault) =>
        new($"{name} is not whole JSON (line {fault.LineNumber + 1}): cut off, too deep, or being written just now. {Repeat}.");

    /// <summary>The fault of one that is too large.</summary>
    public SourceException TooLarge(string name) => new($"{name} has over {MostMegabytes} MiB, which is more than is read of {Noun} files. {Shrink}.");

    private static int BadLine(ReadOnlySpan<byte> text)
    {
        var line = 1;
        while (Rune.DecodeFromUtf8(text, out var rune, out var length) is OperationStatus.Done)
        {
            line += rune.Value == '\n' ? 1 : 0;
            text = text[length..];
        }

        return line;
    }
}
