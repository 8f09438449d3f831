using System.Buffers;
using System.IO.Pipelines;
using McpInfra.Host.Edge.Wire;

namespace McpInfra.Host.Edge.Stdio;

/// <summary>Lines of an input, one at a time, each bounded: one that is too long is skipped without being held, and the next works.</summary>
internal sealed class LineReader(PipeReader input)
{
    private static readonly byte[] Blank = " \t\r"u8.ToArray();

    /// <summary>A line.</summary>
    /// <param name="Bytes">Without its end; empty when it was too long.</param>
    /// <param name="Length">How long it was.</param>
    public readonly record struct Line(ReadOnlyMemory<byte> Bytes, long Length);

    /// <summary>Reads to the end of input. A last line without an end counts; blank lines do not.</summary>
    public async IAsyncEnumerable<Line> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var skipped = 0L;
        while (true)
        {
            var read = await input.ReadAsync(stop);
            var rest = read.Buffer;
            while (Cut(ref rest) is { } line)
            {
                if (skipped + line.Length > MessageCheck.MostBytes)
                {
                    yield return new Line(default, skipped + line.Length);
                }
                else if (!IsBlank(line))
                {
                    yield return new Line(line.IsSingleSegment ? line.First : line.ToArray(), line.Length);
                }

                skipped = 0;
            }

            if (rest.Length > MessageCheck.MostBytes || skipped > 0)
            {
                skipped += rest.Length;
                rest = rest.Slice(rest.End);
            }

            if (read.IsCompleted)
            {
                if (skipped > 0)
                {
                    yield return new Line(default, skipped);
                }
                else if (!IsBlank(rest))
                {
                    yield return new Line(rest.ToArray(), rest.Length);
                }

                yield break;
            }

            input.AdvanceTo(rest.Start, rest.End);
        }
    }

    private static ReadOnlySequence<byte>? Cut(ref ReadOnlySequence<byte> rest)
    {
        if (rest.PositionOf((byte)'\n') is not { } end)
        {
            return null;
        }

        var line = rest.Slice(0, end);
        rest = rest.Slice(rest.GetPosition(1, end));
        return line;
    }

    private static bool IsBlank(in ReadOnlySequence<byte> line)
    {
        foreach (var segment in line)
        {
            if (segment.Span.IndexOfAnyExcept(Blank) >= 0)
            {
                return false;
            }
        }

        return true;
    }
}
