using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace McpInfra.Tools.Git;

/// <summary>Folders and files of a repository as pages.</summary>
internal static partial class RepositoryPages
{
    private const int MostFile = 5_000_000;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The entries of a folder: folders first, then files with their size.</summary>
    public static Page Folder(TreeNode.Folder folder, int from)
    {
        List<string> lines = [.. folder.Folders.Select(name => name + "/"), .. folder.Files.Select(Entry)];
        return Page.Of((_, _) => $"a folder of {folder.Folders.Count} folders and {folder.Files.Count} files.", lines, from);
    }

    /// <summary>A file's lines with their numbers.</summary>
    /// <param name="repository">Where it is.</param>
    /// <param name="file">The file.</param>
    /// <param name="asked">Lines such as "10-40", "10-" or "10"; null for all.</param>
    /// <param name="from">Position within the lines asked for.</param>
    public static Page File(Repository repository, TreeFile file, string? asked, int from)
    {
        if (file.Kind is TreeFileKind.Link or TreeFileKind.Submodule)
        {
            return new Page($"a {(file.Kind is TreeFileKind.Link ? "symbolic link, which is not followed" : "submodule; register that repository by itself")}.", file.Path, null);
        }

        if (Text(repository, file) is not { } text)
        {
            return new Page($"a file of {file.Size} bytes that is binary, not UTF-8, or too large. It is not shown.", file.Path, null);
        }

        var all = Lines(text);
        if (Range(asked, all.Count) is not { } range)
        {
            return Page.Faulty("`lines` must be such as 10-40, and start within the file.");
        }

        var numbered = all[range].Select((line, index) => string.Create(CultureInfo.InvariantCulture, $"{range.Start.Value + index + 1}| {line}")).ToList();
        var page = Page.Of((first, last) => $"lines {range.Start.Value + first + 1} to {range.Start.Value + last} of {all.Count}.", numbered, from);
        return page with { Text = $"{file.Path}\n{page.Text}" };
    }

    /// <summary>A file's text; null when it is none that can be shown.</summary>
    public static string? Text(Repository repository, TreeFile file)
    {
        try
        {
            return repository.ReadBlob(file.Blob, MostFile) is { } bytes && bytes.AsSpan(0, Math.Min(8000, bytes.Length)).IndexOf((byte)0) < 0 ? Strict.GetString(bytes) : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>The lines of a text without their ends.</summary>
    public static List<string> Lines(string text)
    {
        List<string> lines = [.. text.Split('\n').Select(line => line.TrimEnd('\r'))];
        if (lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        return lines;
    }

    private static string Entry(TreeFile file)
    {
        var name = file.Path[(file.Path.LastIndexOf('/') + 1)..];
        return file.Kind switch
        {
            TreeFileKind.Link => name + "  (link)",
            TreeFileKind.Submodule => name + "  (submodule)",
            _ when WithheldPaths.Withholds(file.Path) => name + "  (withheld)",
            _ => string.Create(CultureInfo.InvariantCulture, $"{name}  {file.Size}"),
        };
    }

    private static Range? Range(string? asked, int count)
    {
        if (asked is null)
        {
            return ..count;
        }

        if (Form().Match(asked) is not { Success: true } match
            || !int.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var first))
        {
            return null;
        }

        var last = match.Groups[2].Value switch
        {
            "" => first,
            "-" => count,
            var end => int.TryParse(end.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0,
        };
        return first >= 1 && first <= count && last >= first ? (first - 1)..Math.Min(last, count) : null;
    }

    [GeneratedRegex(@"\A([0-9]{1,9})(-[0-9]{0,9})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
