using System.Text;

namespace McpInfra.Guardrails.Spotlight;

/// <summary>An answer as the text that a client gets.</summary>
public static class Rendering
{
    /// <summary>Own parts bare, others' between the lines of their frame.</summary>
    public static string ToMarkdown(Answer answer)
    {
        var pieces = Pieces(answer);
        return string.Create(pieces.Sum(piece => piece.Length), pieces, static (text, pieces) =>
        {
            foreach (var piece in pieces)
            {
                piece.Span.CopyTo(text);
                text = text[piece.Length..];
            }
        });
    }

    /// <summary>The same text in pieces, none of them empty, so that a long one need not be copied.</summary>
    public static IReadOnlyList<ReadOnlyMemory<char>> Pieces(Answer answer)
    {
        var pieces = new List<ReadOnlyMemory<char>>();
        foreach (var part in answer.Parts)
        {
            EndLine(pieces);
            if (part.Marker is not null)
            {
                pieces.Add(Frame.Open(part).AsMemory());
                EndLine(pieces);
            }

            if (part.Text.Length > 0)
            {
                pieces.Add(part.Text.AsMemory());
            }

            if (part.Marker is not null)
            {
                EndLine(pieces);
                pieces.Add(Frame.Close(part).AsMemory());
                EndLine(pieces);
            }
        }

        while (pieces.Count > 0)
        {
            pieces[^1] = pieces[^1].TrimEnd('\n');
            if (pieces[^1].Length > 0)
            {
                break;
            }

            pieces.RemoveAt(pieces.Count - 1);
        }

        return pieces;
    }

    /// <summary>Bytes of UTF-8 that a part takes in the rendered text, its frame and line end included.</summary>
    internal static int Bytes(Part part) =>
        Encoding.UTF8.GetByteCount(part.Text) + 1 + (part.Marker is null ? 0 : Encoding.UTF8.GetByteCount(Frame.Open(part)) + Frame.Close(part).Length + 2);

    private static void EndLine(List<ReadOnlyMemory<char>> pieces)
    {
        if (pieces.Count > 0 && pieces[^1].Span[^1] != '\n')
        {
            pieces.Add("\n".AsMemory());
        }
    }
}
