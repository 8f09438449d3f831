using System.Text;

namespace McpInfra.Guardrails.Spotlight;

/// <summary>An answer as the text that a client gets.</summary>
public static class Rendering
{
    // Most characters of a frame and the line ends around it, more or less.
    private const int Around = 160;

    /// <summary>Own parts bare, others' between the lines of their frame.</summary>
    public static string ToMarkdown(Answer answer)
    {
        var text = new StringBuilder(answer.Parts.Sum(part => part.Text.Length + Around));
        foreach (var part in answer.Parts)
        {
            if (text.Length > 0 && text[^1] != '\n')
            {
                text.Append('\n');
            }

            if (part.Marker is null)
            {
                text.Append(part.Text);
                continue;
            }

            text.Append(Frame.Open(part)).Append('\n').Append(part.Text);
            if (part.Text.Length > 0 && part.Text[^1] != '\n')
            {
                text.Append('\n');
            }

            text.Append(Frame.Close(part)).Append('\n');
        }

        while (text.Length > 0 && text[^1] == '\n')
        {
            text.Length--;
        }

        return text.ToString();
    }

    /// <summary>Bytes of UTF-8 that a part takes in the rendered text, its frame and line end included.</summary>
    internal static int Bytes(Part part) =>
        Encoding.UTF8.GetByteCount(part.Text) + 1 + (part.Marker is null ? 0 : Encoding.UTF8.GetByteCount(Frame.Open(part)) + Frame.Close(part).Length + 2);
}
