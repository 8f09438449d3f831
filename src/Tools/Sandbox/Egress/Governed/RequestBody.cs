namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>A governed request's body, read only when the gate wants it.</summary>
internal sealed class RequestBody
{
    private readonly BufferedReader reader;
    private readonly Stream near;
    private readonly BodyForm form;
    private readonly long length;
    private readonly int most;
    private readonly bool waits;
    private bool done;
    private bool broken;

    public RequestBody(BufferedReader reader, Stream near, HttpHead head, int most)
    {
        (this.reader, this.near, this.most) = (reader, near, most);
        form = head.Form(out length) ?? throw new InvalidDataException();
        waits = head.All("Expect").Count > 0;
        done = form is BodyForm.None || (form is BodyForm.Sized && length == 0);
    }

    /// <summary>All of it.</summary>
    /// <exception cref="GateRefusedException">It is too large.</exception>
    public async Task<byte[]> ReadAsync(CancellationToken stop)
    {
        if (done)
        {
            return [];
        }

        broken = true;
        if (form is BodyForm.Sized && length > most)
        {
            throw TooLarge();
        }

        if (waits)
        {
            await near.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), stop);
        }

        var body = await ContentAsync(stop);
        (done, broken) = (true, false);
        return body;
    }

    /// <summary>Reads past what nobody wanted; false when the connection cannot go on after it.</summary>
    public async Task<bool> FinishAsync(int mostDrained, CancellationToken stop)
    {
        if (done)
        {
            return true;
        }

        if (broken || waits || form is not BodyForm.Sized || length > mostDrained)
        {
            return false;
        }

        await reader.CopyAsync(Stream.Null, length, stop);
        return done = true;
    }

    private async Task<byte[]> ContentAsync(CancellationToken stop)
    {
        if (form is BodyForm.Chunked)
        {
            try
            {
                return await reader.ChunksAsync(most, stop);
            }
            catch (InvalidDataException)
            {
                throw TooLarge();
            }
        }

        using var content = new MemoryStream((int)length);
        await reader.CopyAsync(content, length, stop);
        return content.ToArray();
    }

    private GateRefusedException TooLarge() => new(413, $"the request's body is malformed or larger than {most >> 20} MB, which no read needs");
}
