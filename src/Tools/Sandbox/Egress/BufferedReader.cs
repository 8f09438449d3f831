using System.Globalization;
using System.Text;

namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>Reads lines, exact lengths and chunks from a stream, and copies what it read.</summary>
internal sealed class BufferedReader(Stream stream)
{
    private readonly byte[] buffer = new byte[32 << 10];
    private int start;
    private int end;

    /// <summary>The next line without its end, Latin-1; null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">It is longer than that.</exception>
    public async Task<string?> LineAsync(int most, CancellationToken stop)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (start == end && !await FillAsync(stop))
            {
                return line.Length == 0 ? null : throw new InvalidDataException();
            }

            var newline = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            var take = newline < 0 ? end - start : newline;
            if (line.Length + take > most)
            {
                throw new InvalidDataException();
            }

            line.Append(Encoding.Latin1.GetString(buffer, start, take));
            start += take + (newline < 0 ? 0 : 1);
            if (newline >= 0)
            {
                return line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString();
            }
        }
    }

    /// <summary>Whether bytes were read from the stream that nobody asked for yet.</summary>
    public bool HoldsMore => start < end;

    /// <summary>Copies so many bytes.</summary>
    public async Task CopyAsync(Stream target, long length, CancellationToken stop)
    {
        while (length > 0)
        {
            if (start == end && !await FillAsync(stop))
            {
                throw new InvalidDataException();
            }

            var take = (int)Math.Min(length, end - start);
            await target.WriteAsync(buffer.AsMemory(start, take), stop);
            start += take;
            length -= take;
        }
    }

    /// <summary>Copies a chunked body, chunk by chunk, without its trailers.</summary>
    public async Task CopyChunksAsync(Stream target, CancellationToken stop)
    {
        while (true)
        {
            var size = await ChunkSizeAsync(stop);
            await target.WriteAsync(Encoding.ASCII.GetBytes($"{size:x}\r\n"), stop);
            await CopyAsync(target, size, stop);
            if (size == 0)
            {
                await SkipTrailersAsync(stop);
                await target.WriteAsync("\r\n"u8.ToArray(), stop);
                return;
            }

            await EndOfChunkAsync(stop);
            await target.WriteAsync("\r\n"u8.ToArray(), stop);
        }
    }

    /// <summary>The content of a chunked body, without its chunks and trailers.</summary>
    /// <exception cref="InvalidDataException">It is malformed, or longer than that.</exception>
    public async Task<byte[]> ChunksAsync(int most, CancellationToken stop)
    {
        using var content = new MemoryStream();
        while (await ChunkSizeAsync(stop) is var size and > 0)
        {
            if (size > most - content.Length)
            {
                throw new InvalidDataException();
            }

            await CopyAsync(content, size, stop);
            await EndOfChunkAsync(stop);
        }

        await SkipTrailersAsync(stop);
        return content.ToArray();
    }

    /// <summary>Copies everything to the end.</summary>
    public async Task CopyRestAsync(Stream target, CancellationToken stop)
    {
        do
        {
            await target.WriteAsync(buffer.AsMemory(start, end - start), stop);
            start = end;
        }
        while (await FillAsync(stop));
    }

    private async Task<int> ChunkSizeAsync(CancellationToken stop)
    {
        var line = await LineAsync(1024, stop) ?? throw new InvalidDataException();
        return int.TryParse(line.Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) && size >= 0 ? size : throw new InvalidDataException();
    }

    private async Task EndOfChunkAsync(CancellationToken stop)
    {
        if (await LineAsync(2, stop) is not "")
        {
            throw new InvalidDataException();
        }
    }

    // A trailer could say anything; none is forwarded.
    private async Task SkipTrailersAsync(CancellationToken stop)
    {
        for (var left = 64; await LineAsync(8192, stop) is { Length: > 0 }; left--)
        {
            if (left == 0)
            {
                throw new InvalidDataException();
            }
        }
    }

    private async Task<bool> FillAsync(CancellationToken stop)
    {
        start = 0;
        end = await stream.ReadAsync(buffer, stop);
        return end > 0;
    }
}
