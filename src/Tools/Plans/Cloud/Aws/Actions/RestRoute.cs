namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>Method, path and fixed query of a REST action.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Segments">Of the path; null for a label.</param>
/// <param name="Greedy">Which segment takes the rest of the path; -1 for none.</param>
/// <param name="Fixed">Query parameters that must be there; a null value may be any.</param>
internal sealed record RestRoute(string Method, IReadOnlyList<string?> Segments, int Greedy, IReadOnlyList<KeyValuePair<string, string?>> Fixed)
{
    /// <summary>How exactly the route says what it wants: of several that fit, AWS takes the most exact.</summary>
    public (int Fixed, int Literals, int Length) Exactness => (Fixed.Count, Segments.Count(segment => segment is not null), Greedy < 0 ? 1 : 0);

    /// <summary>Reads the table's form.</summary>
    public static RestRoute Parse(string method, string uri)
    {
        var mark = uri.IndexOf('?', StringComparison.Ordinal);
        var segments = PathSegments(mark < 0 ? uri : uri[..mark]);
        return new RestRoute(
            method,
            [.. segments.Select(segment => segment is "{}" or "{+}" ? null : segment)],
            segments.ToList().IndexOf("{+}"),
            mark < 0 ? [] : [.. uri[(mark + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Parameter)]);
    }

    /// <summary>Whether the request fits.</summary>
    public bool Fits(string method, IReadOnlyList<string> path, IReadOnlyList<KeyValuePair<string, string>> query) =>
        Method == method && FitsPath(path) && Fixed.All(wanted => query.Any(given => given.Key == wanted.Key && (wanted.Value is null || wanted.Value == given.Value)));

    /// <summary>A path's segments; one `/` at the end does not count.</summary>
    public static IReadOnlyList<string> PathSegments(string path)
    {
        var trimmed = path.Length > 1 && path.EndsWith('/') ? path[..^1] : path;
        return trimmed is "" or "/" ? [] : trimmed[1..].Split('/');
    }

    private bool FitsPath(IReadOnlyList<string> path)
    {
        if (Greedy < 0)
        {
            return path.Count == Segments.Count && Enumerable.Range(0, path.Count).All(at => FitsSegment(Segments[at], path[at]));
        }

        var after = Segments.Count - Greedy - 1;
        return path.Count >= Segments.Count
            && Enumerable.Range(0, Greedy).All(at => FitsSegment(Segments[at], path[at]))
            && Enumerable.Range(0, after).All(at => FitsSegment(Segments[Greedy + 1 + at], path[path.Count - after + at]));
    }

    // A label with a literal beside it in one segment, such as `{}:action`, is rare: it fits by its literal part.
    private static bool FitsSegment(string? wanted, string given) =>
        wanted is null ? given.Length > 0
        : !wanted.Contains("{}", StringComparison.Ordinal) ? wanted == given
        : wanted.Split("{}") is [var before, .., var behind] && given.Length > before.Length + behind.Length && given.StartsWith(before, StringComparison.Ordinal) && given.EndsWith(behind, StringComparison.Ordinal);

    private static KeyValuePair<string, string?> Parameter(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is var equals and >= 0 ? new(text[..equals], text[(equals + 1)..]) : new(text, null);
}
