using System.Buffers.Binary;
using System.Text.Json;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// What passes between the host and the runner inside. To the runner: `O` opening, `F` file, `L` link, `S` step. From it: `R` result.
/// A frame is its letter and length-prefixed fields, little-endian; whoever reads says how long a field may be.
/// </summary>
internal static class Wire
{
    public const byte Opening = (byte)'O';
    public const byte File = (byte)'F';
    public const byte Link = (byte)'L';
    public const byte Step = (byte)'S';
    public const byte Result = (byte)'R';
    public const int MostJson = 1 << 20;
    public const int MostPath = 4096;
    public const int MostFile = 256 << 20;

    private const int Piece = 1 << 20;

    public static async Task WriteAsync(Stream stream, byte letter, CancellationToken stop, params IReadOnlyList<ReadOnlyMemory<byte>> fields)
    {
        await stream.WriteAsync(new[] { letter }, stop);
        foreach (var field in fields)
        {
            var length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, field.Length);
            await stream.WriteAsync(length, stop);
            await stream.WriteAsync(field, stop);
        }

        await stream.FlushAsync(stop);
    }

    public static byte[] Json<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value);

    /// <summary>The next frame's letter, or -1 at the end of the stream.</summary>
    public static async Task<int> LetterAsync(Stream stream, CancellationToken stop)
    {
        var one = new byte[1];
        return await stream.ReadAsync(one, stop) == 0 ? -1 : one[0];
    }

    public static async Task<byte[]> FieldAsync(Stream stream, int most, CancellationToken stop)
    {
        using var field = new MemoryStream(); // Grows with what really arrives, so that a length alone costs nothing.
        await CopyFieldAsync(stream, field, most, stop);
        return field.ToArray();
    }

    /// <summary>Reads a field into another stream, piece by piece.</summary>
    public static async Task CopyFieldAsync(Stream stream, Stream field, int most, CancellationToken stop)
    {
        var left = await NumberAsync(stream, stop);
        if (left < 0 || left > most)
        {
            throw new InvalidDataException("A field is longer than it may be.");
        }

        var piece = new byte[Math.Min(left, Piece)];
        while (left > 0)
        {
            var part = piece.AsMemory(0, Math.Min(piece.Length, left));
            await stream.ReadExactlyAsync(part, stop);
            await field.WriteAsync(part, stop);
            left -= part.Length;
        }
    }

    public static async Task<T> JsonAsync<T>(Stream stream, CancellationToken stop) =>
        JsonSerializer.Deserialize<T>(await FieldAsync(stream, MostJson, stop)) ?? throw new InvalidDataException("A field is empty.");

    public static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static async Task<int> NumberAsync(Stream stream, CancellationToken stop)
    {
        var bytes = new byte[4];
        await stream.ReadExactlyAsync(bytes, stop);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }
}

/// <summary>How the runner inside sets itself up.</summary>
/// <param name="Work">Absolute path inside of the work folder, empty at first, links resolved.</param>
/// <param name="DropTo">User and group id to become; null keeps the one it has.</param>
/// <param name="Confine">Whether to install the system call filter.</param>
/// <param name="Relay">Path inside of the egress socket; null for none.</param>
/// <param name="Environment">The steps' environment.</param>
/// <param name="Limits">Limits that each process gets.</param>
internal sealed record Opening(string Work, uint? DropTo, bool Confine, string? Relay, IReadOnlyDictionary<string, string> Environment, SandboxLimits Limits)
{
    /// <summary>Whether the filter is part of the confinement.</summary>
    public bool Filter { get; init; } = true;

    /// <summary>Whether the runner holds everything to the limits itself, for nobody outside can.</summary>
    public bool Watch { get; init; }

    /// <summary>Whether it runs nothing, but is the inner end of a trunk that listens at <see cref="Relay"/>.</summary>
    public bool IsTrunk { get; init; }
}
