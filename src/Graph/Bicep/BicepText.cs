using System.Text;

namespace McpInfra.Graph.Bicep;

/// <summary>A Bicep file's text without what is no code, every line where it was.</summary>
internal static class BicepText
{
    private const string Raw = "'''";

    /// <summary>Comments and texts of several lines are blank.</summary>
    public static string WithoutComments(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var rest = text.AsSpan(at);
            var length = rest.StartsWith("//") ? To(rest, "\n", 2, included: false)
                : rest.StartsWith("/*") ? To(rest, "*/", 2, included: true)
                : rest.StartsWith(Raw) ? To(rest, Raw, 3, included: true)
                : 0;
            if (length > 0)
            {
                plain.Append('\n', rest[..length].Count('\n'));
                at += length;
                continue;
            }

            var code = rest[0] == '\'' ? Quoted(rest) : 1;
            plain.Append(rest[..code]);
            at += code;
        }

        return plain.ToString();
    }

    private static int To(ReadOnlySpan<char> text, string end, int from, bool included) =>
        text[from..].IndexOf(end) is >= 0 and var found ? from + found + (included ? end.Length : 0) : text.Length;

    // A text ends with its line.
    private static int Quoted(ReadOnlySpan<char> text)
    {
        for (var at = 1; at < text.Length && text[at] != '\n'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] != '\n')
            {
                at++;
            }
            else if (text[at] == '\'')
            {
                return at + 1;
            }
        }

        return 1;
    }
}
