namespace McpInfra.Graph.Bicep;

/// <summary>A resource that a Bicep file makes.</summary>
/// <param name="File">Path within the repository.</param>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="EndLine">Its last line.</param>
/// <param name="Type">Type of Azure Resource Manager, without its version.</param>
/// <param name="Name">Its name as written, with `${…}` where it is computed; null when it is no text.</param>
internal sealed record BicepDeclaration(string File, int Line, int EndLine, string Type, string? Name)
{
    /// <summary>Whether the name is written out.</summary>
    public bool IsLiteral => Name is { } name && !name.Contains("${", StringComparison.Ordinal);

    /// <summary>Whether a resource of that name may be made by this: the written parts of the name fit, and something is written.</summary>
    public bool Fits(string name)
    {
        if (Name is not { } written)
        {
            return false;
        }

        var pieces = written[(written.LastIndexOf('/') + 1)..].Split("${");
        var (at, isWritten) = (0, pieces[0].Length > 0);
        if (!name.StartsWith(pieces[0], StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        at = pieces[0].Length;
        for (var piece = 1; piece < pieces.Length; piece++)
        {
            var text = pieces[piece][(pieces[piece].IndexOf('}', StringComparison.Ordinal) + 1)..];
            var found = piece == pieces.Length - 1 ? name.Length - text.Length : name.IndexOf(text, at, StringComparison.OrdinalIgnoreCase);
            if (found < at || !name.AsSpan(found).StartsWith(text, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }

            (at, isWritten) = (found + text.Length, isWritten || text.Length > 0);
        }

        return isWritten && at == name.Length;
    }
}
