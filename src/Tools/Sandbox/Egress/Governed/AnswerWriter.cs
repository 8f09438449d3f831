using System.Buffers;
using System.Globalization;
using System.Text;

namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>Writes one answer to a run: framed anew, errors cut, and nothing of the far connection in it.</summary>
/// <param name="near">The run.</param>
/// <param name="method">The request's method: an answer to HEAD has no body.</param>
/// <param name="keep">Whether the connection goes on.</param>
internal sealed class AnswerWriter(Stream near, string method, bool keep)
{
    private const int MostError = 64 << 10;
    private const int MostRewritten = 16 << 20;
    private const int Piece = 64 << 10;

    /// <summary>A plain text answer in our own words.</summary>
    public static GateReply Text(int status, string reason) => new(status, "text/plain", Encoding.ASCII.GetBytes(reason + "\n"));

    /// <summary>Writes an answer of our own.</summary>
    public async Task WriteAsync(GateReply reply, CancellationToken stop)
    {
        List<HttpField> fields = [new("Content-Type", reply.ContentType), .. reply.Fields ?? [], new("Content-Length", reply.Body.Length.ToString(CultureInfo.InvariantCulture))];
        await near.WriteAsync((byte[])[.. Head(reply.Status, fields), .. method == "HEAD" ? [] : reply.Body.Span], stop);
    }

    /// <summary>Writes an endpoint's answer; the bytes of its body, or null when it cannot be handed on and nothing was written.</summary>
    public async Task<long?> WriteAsync(HttpResponseMessage answer, Func<byte[], byte[]>? rewrite, string? location, CancellationToken stop)
    {
        var status = (int)answer.StatusCode;
        var fields = Upstream.Fields(answer).ToList();
        if (location is not null)
        {
            fields.Add(new("Location", location));
        }

        var length = answer.Content.Headers.ContentLength;
        if (method == "HEAD" || status is 204 or 304 or < 200)
        {
            await near.WriteAsync(Head(status, length is { } told && status != 204 ? [.. fields, Length(told)] : fields), stop);
            return 0;
        }

        await using var body = await answer.Content.ReadAsStreamAsync(stop);
        if (status >= 300 || rewrite is not null)
        {
            return await WriteWholeAsync(status, fields, body, rewrite, stop);
        }

        var head = Head(status, [.. fields, length is { } known ? Length(known) : new("Transfer-Encoding", "chunked")]);
        if (length is not null)
        {
            return await CopyAsync(head, body, stop);
        }

        await near.WriteAsync(head, stop);
        return await CopyChunksAsync(body, stop);
    }

    private async Task<long?> WriteWholeAsync(int status, List<HttpField> fields, Stream body, Func<byte[], byte[]>? rewrite, CancellationToken stop)
    {
        var (content, cut) = await ReadAsync(body, status >= 300 ? MostError : MostRewritten, stop);
        if (rewrite is not null && cut && status >= 300)
        {
            // Its status says what a client must know; a secret could stand where it was cut.
            content = Encoding.ASCII.GetBytes("The error is too long to be handed on.\n");
        }
        else if (rewrite is not null && (cut || fields.Any(field => field.Name.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase) && field.Value is not ("" or "identity"))))
        {
            return null;
        }

        var written = rewrite?.Invoke(content) ?? content;
        await near.WriteAsync((byte[])[.. Head(status, [.. fields.Where(field => rewrite is null || !IsChecksum(field.Name)), Length(written.Length)]), .. written], stop);
        return content.Length;
    }

    // The head goes out with the first bytes: most answers are one piece.
    private async Task<long> CopyAsync(byte[] head, Stream body, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(Piece, 2 * head.Length));
        try
        {
            head.CopyTo(buffer, 0);
            var start = head.Length;
            long count = 0;
            for (int read; (read = await body.ReadAsync(buffer.AsMemory(start), stop)) > 0; count += read)
            {
                await near.WriteAsync(buffer.AsMemory(0, start + read), stop);
                start = 0;
            }

            if (start > 0)
            {
                await near.WriteAsync(head, stop);
            }

            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<long> CopyChunksAsync(Stream body, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            long count = 0;
            for (int read; (read = await body.ReadAsync(buffer, stop)) > 0; count += read)
            {
                await near.WriteAsync(Encoding.ASCII.GetBytes($"{read:x}\r\n"), stop);
                await near.WriteAsync(buffer.AsMemory(0, read), stop);
                await near.WriteAsync("\r\n"u8.ToArray(), stop);
            }

            await near.WriteAsync("0\r\n\r\n"u8.ToArray(), stop);
            return count;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>What a stream says, up to a size.</summary>
    public static async Task<(byte[] Content, bool Cut)> ReadAsync(Stream body, int most, CancellationToken stop)
    {
        using var content = new MemoryStream();
        var piece = new byte[8 << 10];
        for (int read; (read = await body.ReadAsync(piece, stop)) > 0;)
        {
            var take = (int)Math.Min(read, most - content.Length);
            content.Write(piece, 0, take);
            if (take < read)
            {
                return (content.ToArray(), true);
            }
        }

        return (content.ToArray(), false);
    }

    private byte[] Head(int status, IReadOnlyList<HttpField> fields)
    {
        var head = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} {(status < 400 ? "OK" : "Refused")}\r\n"));
        foreach (var (name, value) in fields)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return Encoding.Latin1.GetBytes(head.Append(keep ? "\r\n" : "Connection: close\r\n\r\n").ToString());
    }

    private static HttpField Length(long length) => new("Content-Length", length.ToString(CultureInfo.InvariantCulture));

    // Of the body as it was; S3 and DynamoDB send them and clients check them.
    private static bool IsChecksum(string name) => name.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase) || name.ToLowerInvariant() is "x-amz-crc32" or "content-md5" or "etag";
}
