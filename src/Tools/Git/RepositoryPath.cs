using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace McpInfra.Tools.Git;

/// <summary>
/// A path that cannot leave its repository, nor reach git's own files, on any file system: relative, with `/`, each segment an ordinary name.
/// The one way from a stranger's text to a path.
/// </summary>
public sealed partial record RepositoryPath
{
    private const int MostBytes = 1024;
    private const int MostSegmentBytes = 255;
    private const int MostSegments = 32;

    private RepositoryPath(string value, IReadOnlyList<string> segments) => (Value, Segments) = (value, segments);

    /// <summary>The path with `/`, exactly as it was given.</summary>
    public string Value { get; }

    /// <summary>Its names in order, at least one.</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>The path, or null and in our own words what is wrong with it.</summary>
    public static RepositoryPath? TryParse(string text, out string fault)
    {
        var segments = text.Split('/');
        fault =
            text.Length == 0 ? "a path must not be empty"
            : text.Length > MostBytes || Encoding.UTF8.GetByteCount(text) > MostBytes ? $"a path must be at most {MostBytes} bytes long"
            : text[0] == '/' ? "a path must be relative to the repository"
            : segments.Length > MostSegments ? $"a path must be at most {MostSegments} folders deep"
            : segments.Select(segment => Danger(segment) ?? Unportable(segment)).FirstOrDefault(found => found is not null) ?? "";
        return fault.Length == 0 ? new RepositoryPath(text, segments) : null;
    }

    /// <summary>What makes one name of a tree dangerous to write or follow on some file system; null when nothing does.</summary>
    internal static string? Danger(string segment) =>
        segment.Length == 0 ? "a path must not have an empty folder name"
        : segment is "." or ".." ? "a path must not contain `.` or `..`"
        : segment.AsSpan().IndexOfAny('/', '\\') >= 0 ? "a path must separate folders with `/` only"
        : segment.Any(char.IsControl) ? "a path must not contain control characters"
        : IsGit(segment) ? "a path must not reach git's own files"
        : null;

    private static string? Unportable(string segment) =>
        !IsWellFormed(segment) ? "a path must be valid Unicode"
        : segment.EnumerateRunes().Any(IsInvisible) ? "a path must not contain invisible characters"
        : segment.Contains(':', StringComparison.Ordinal) ? "a path must not contain a drive or a stream (`:`)"
        : segment[^1] is '.' or ' ' ? "a name in a path must not end in a dot or a space"
        : segment[0] == '-' ? "a name in a path must not start with `-`"
        : Encoding.UTF8.GetByteCount(segment) > MostSegmentBytes ? $"a name in a path must be at most {MostSegmentBytes} bytes long"
        : Device().IsMatch(segment) ? "a path must not name a device"
        : ShortName().IsMatch(segment) ? "a path must not use an 8.3 short name"
        : null;

    // HFS+ ignores some code points, NTFS trailing dots and spaces and anything after a colon, and has `git~1`: each still opens `.git`.
    private static bool IsGit(string segment)
    {
        var name = new StringBuilder(segment.Length);
        foreach (var rune in segment.EnumerateRunes().Where(rune => !IsInvisible(rune)))
        {
            name.Append(rune.Value is >= 0xFF01 and <= 0xFF5E ? (char)(rune.Value - 0xFEE0) : rune.ToString());
        }

        var plain = name.ToString().Split(':')[0].TrimEnd('.', ' ').ToLowerInvariant().Replace('\u0130', 'i').Replace('\u0131', 'i');
        return plain == ".git" || GitShortName().IsMatch(plain);
    }

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0 or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF);

    private static bool IsWellFormed(string segment)
    {
        for (var index = 0; index < segment.Length; index++)
        {
            if (char.IsSurrogate(segment[index]))
            {
                if (!char.IsSurrogatePair(segment, index))
                {
                    return false;
                }

                index++;
            }
        }

        return !segment.Contains('\uFFFD', StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Equal when the text is.</summary>
    public bool Equals(RepositoryPath? other) => other is not null && Value == other.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    [GeneratedRegex(@"^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00B9\u00B2\u00B3])\s*(\..*)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Device();

    [GeneratedRegex(@"^[^.]{1,6}~[0-9]+(\.[^.]{0,3})?$", RegexOptions.CultureInvariant)]
    private static partial Regex ShortName();

    [GeneratedRegex(@"^(git|gi[0-9a-f]{4})~[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex GitShortName();
}
