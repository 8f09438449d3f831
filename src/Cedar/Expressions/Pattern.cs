using System.Text;

namespace McpInfra.Cedar;

/// <summary>A `like` pattern: literal pieces with a wildcard between each two. Matching takes time linear in the text for each piece.</summary>
internal sealed class Pattern
{
    public Pattern(IReadOnlyList<string> pieces) => Pieces = [.. pieces];

    /// <summary>One piece more than there are wildcards; a piece may be empty.</summary>
    public string[] Pieces { get; }

    public bool Matches(string text)
    {
        var first = Pieces[0];
        if (Pieces.Length == 1)
        {
            return string.Equals(text, first);
        }

        var last = Pieces[^1];
        if (text.Length < first.Length + last.Length || !text.StartsWith(first, StringComparison.Ordinal) || !text.EndsWith(last, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = text.AsSpan(first.Length, text.Length - first.Length - last.Length);
        foreach (var piece in Pieces.AsSpan(1, Pieces.Length - 2))
        {
            var at = rest.IndexOf(piece, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + piece.Length)..];
        }

        return true;
    }

    /// <summary>The pattern as a literal, quotes included.</summary>
    public override string ToString()
    {
        var quoted = new StringBuilder("\"");
        for (var index = 0; index < Pieces.Length; index++)
        {
            quoted.Append(index == 0 ? "" : "*");
            var escaped = new StringBuilder();
            Quoting.AppendEscaped(escaped, Pieces[index]);
            quoted.Append(escaped.Replace("*", "\\*"));
        }

        return quoted.Append('"').ToString();
    }
}
