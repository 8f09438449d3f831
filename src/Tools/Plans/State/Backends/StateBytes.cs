namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>Reads a state's bytes from a stream, no more than allowed and not from one that falls silent.</summary>
internal static class StateBytes
{
    private const int Piece = 1 << 20;

    /// <param name="stream">Read to its end.</param>
    /// <param name="length">Its length where it is told.</param>
    /// <param name="limits">How much, and how long it may be silent.</param>
    /// <param name="silence">Is put off by every byte.</param>
    /// <param name="until">Ends the reading.</param>
    /// <exception cref="StateException">There is more than allowed.</exception>
    public static async Task<byte[]> ReadAsync(Stream stream, long? length, StateLimits limits, CancellationTokenSource silence, CancellationToken until)
    {
        if (length > limits.Bytes)
        {
            throw limits.TooLarge;
        }

        if (length is { } known)
        {
            var bytes = new byte[known];
            for (var at = 0; at < bytes.Length;)
            {
                silence.CancelAfter(limits.Silence);
                var read = await stream.ReadAsync(bytes.AsMemory(at, Math.Min(Piece, bytes.Length - at)), until);
                at += read > 0 ? read : throw new EndOfStreamException();
            }

            return bytes;
        }

        using var kept = new MemoryStream();
        var piece = new byte[Piece];
        while (true)
        {
            silence.CancelAfter(limits.Silence);
            var read = await stream.ReadAsync(piece, until);
            if (read == 0)
            {
                return kept.ToArray();
            }

            kept.Write(piece, 0, kept.Length + read <= limits.Bytes ? read : throw limits.TooLarge);
        }
    }
}
