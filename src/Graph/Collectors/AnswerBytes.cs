namespace McpInfra.Graph.Collectors;

/// <summary>Reads an answer's body, so much at most.</summary>
internal static class AnswerBytes
{
    /// <summary>All of it; null when there is more.</summary>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int cap, CancellationToken stop)
    {
        using var held = new MemoryStream();
        await using var stream = await content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        var buffer = new byte[16 << 10];
        for (int read; (read = await stream.ReadAsync(buffer, stop).ConfigureAwait(false)) > 0;)
        {
            if (held.Length + read > cap)
            {
                return null;
            }

            held.Write(buffer, 0, read);
        }

        return held.ToArray();
    }
}
