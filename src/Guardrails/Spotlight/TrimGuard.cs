using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace McpInfra.Guardrails.Spotlight;

/// <summary>
/// Holds an answer to 2,000 tokens (bytes / 4) and its structured content to 64 KB: others' longest part is cut first, at the end of a line, our own words last,
/// and the answer says what was left out.
/// </summary>
public sealed class TrimGuard : IOutputGuard
{
    /// <summary>Most bytes of a rendered answer.</summary>
    public const int MostBytes = 8000;

    /// <summary>Most bytes of structured content.</summary>
    public const int MostStructuredBytes = 64 * 1024;

    private const int NoteBytes = 200;

    /// <inheritdoc/>
    public string Name => "trim";

    /// <inheritdoc/>
    public ValueTask<Answer> CleanAsync(Answer answer, Call call, CancellationToken stop)
    {
        var tooMuch = answer.Structured is { } structured && Bytes(structured) > MostStructuredBytes;
        var size = answer.Parts.Sum(Rendering.Bytes);
        var most = MostBytes - (tooMuch ? NoteBytes : 0);
        if (size <= most && !tooMuch)
        {
            return new(answer);
        }

        var parts = answer.Parts.ToArray();
        var notes = new List<Part>();
        if (size > most)
        {
            var (lines, bytes) = Cut(parts, size - most + NoteBytes);
            notes.Add(new Part(Trust.Own, $"Left out: {lines} lines, about {bytes / 4} tokens. Ask for less, or page on with a cursor."));
        }

        if (tooMuch)
        {
            notes.Add(new Part(Trust.Own, "Left out: the structured content, over 64 KB. Ask for less, or page on with a cursor."));
        }

        return new(answer with { Parts = [.. parts, .. notes], Structured = tooMuch ? null : answer.Structured });
    }

    /// <summary>Shortens others' parts, then our own, until the excess is gone; returns what went.</summary>
    private static (int Lines, int Bytes) Cut(Part[] parts, int excess)
    {
        var (lines, bytes) = (0, 0);
        foreach (var own in (ReadOnlySpan<bool>)[false, true])
        {
            var lengths = parts.Select(part => (part.Trust is Trust.Own) == own ? Encoding.UTF8.GetByteCount(part.Text) : 0).ToArray();
            var level = Level(lengths, excess - bytes);
            for (var index = 0; index < parts.Length; index++)
            {
                if (lengths[index] > level)
                {
                    var kept = Head(parts[index].Text, level);
                    lines += parts[index].Text.AsSpan(kept.Length).Count('\n') + 1;
                    bytes += lengths[index] - Encoding.UTF8.GetByteCount(kept);
                    parts[index] = parts[index] with { Text = kept };
                }
            }
        }

        return (lines, bytes);
    }

    /// <summary>The length to which all longer ones are cut so that the excess goes: the longest lose first.</summary>
    private static int Level(int[] lengths, int excess)
    {
        if (excess <= 0)
        {
            return int.MaxValue;
        }

        var left = lengths.Sum(length => (long)length) - excess;
        var above = lengths.Length;
        foreach (var length in lengths.Order())
        {
            if ((long)length * above > left)
            {
                return (int)Math.Max(0, left / above);
            }

            left -= length;
            above--;
        }

        return int.MaxValue;
    }

    /// <summary>The lines of the text that fit; of one long line, what of it fits.</summary>
    private static string Head(string text, int most)
    {
        var bytes = 0;
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > most)
            {
                break;
            }

            bytes += rune.Utf8SequenceLength;
            end += rune.Utf16SequenceLength;
        }

        var line = text.AsSpan(0, end).LastIndexOf('\n');
        return text[..(line > end / 2 ? line : end)];
    }

    private static int Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node).Length;
}
