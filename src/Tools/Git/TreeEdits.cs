using System.Text;
using LibGit2Sharp;

namespace McpInfra.Tools.Git;

/// <summary>Applies edits to a tree, one after the other, all or none.</summary>
internal sealed class TreeEdits(LibGit2Sharp.Repository git, Tree tree)
{
    private const int MostFile = 1_000_000;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Content by path after the edits so far; null is deleted.
    private readonly Dictionary<string, string?> edited = new(StringComparer.Ordinal);

    /// <summary>The edited tree, or the first fault; with a fault nothing is stored.</summary>
    public EditedTree Apply(IReadOnlyList<Edit> edits)
    {
        foreach (var edit in edits)
        {
            if (Apply(edit) is { } fault)
            {
                return new EditedTree("", [], fault);
            }
        }

        var definition = TreeDefinition.From(tree);
        var changed = edited.Keys.Where(path => Store(definition, path)).Order(StringComparer.Ordinal).ToList();
        return changed.Count == 0 ? new EditedTree(tree.Sha, []) : new EditedTree(git.ObjectDatabase.CreateTree(definition).Sha, changed);
    }

    private EditFault? Apply(Edit edit)
    {
        EditFault Fault(string message, int? line = null) => new(edit.Path, line, message);
        if (RepositoryPath.TryParse(edit.Path, out var wrong) is not { } path)
        {
            return Fault(wrong);
        }

        if (WithheldPaths.Withholds(path.Value))
        {
            return Fault("files of this kind hold secrets and are not edited");
        }

        var forms = (edit.Content is not null ? 1 : 0) + (edit.Find is not null ? 1 : 0) + (edit.Delete is true ? 1 : 0);
        if (forms != 1 || edit.Delete is false || (edit.Find is null) != (edit.Replace is null))
        {
            return Fault("an edit is {path, content}, {path, find, replace} or {path, delete: true}");
        }

        var (text, obstacle) = Current(path, mayBeBinary: edit.Find is null);
        if (obstacle is not null)
        {
            return Fault(obstacle);
        }

        if (edit.Content is { } content)
        {
            edited[path.Value] = content;
            return Collision(path) is { } collision ? Fault(collision) : null;
        }

        if (text is null)
        {
            return Fault("there is no such file");
        }

        if (edit.Delete is true)
        {
            edited[path.Value] = null;
            return null;
        }

        var (replaced, fault, line) = Replace(text, edit.Find!, edit.Replace!);
        edited[path.Value] = replaced;
        return fault is null ? null : Fault(fault, line);
    }

    /// <summary>The file's text as edited so far, null when there is none, or why it cannot be edited.</summary>
    private (string? Text, string? Obstacle) Current(RepositoryPath path, bool mayBeBinary)
    {
        if (edited.TryGetValue(path.Value, out var now))
        {
            return (now, null);
        }

        for (var depth = 1; depth < path.Segments.Count; depth++)
        {
            if (edited.TryGetValue(string.Join('/', path.Segments.Take(depth)), out var above) && above is not null)
            {
                return (null, "the path passes through a file");
            }
        }

        if (edited.Any(entry => entry.Value is not null && entry.Key.StartsWith(path.Value + "/", StringComparison.Ordinal)))
        {
            return (null, "the path is a folder");
        }

        switch (TreeNode.Of(git, tree, path))
        {
            case TreeNode.Folder:
                return (null, "the path is a folder");
            case TreeNode.Absent { Why: var why } when why != "there is no such file or folder":
                return (null, why);
            case TreeNode.Leaf { File: { Kind: TreeFileKind.Link } }:
                return (null, "the path is a symbolic link, and links are not edited");
            case TreeNode.Leaf { File: { Kind: TreeFileKind.Submodule } }:
                return (null, "the path is a submodule");
            case TreeNode.Leaf { File: var file }:
                return Text(file, mayBeBinary);
            default:
                return (null, null);
        }
    }

    private (string? Text, string? Obstacle) Text(TreeFile file, bool mayBeBinary)
    {
        if (mayBeBinary)
        {
            return ("", null);
        }

        try
        {
            return Blobs.Read(git, file.Blob, MostFile) is { } bytes ? (Strict.GetString(bytes), null) : (null, $"the file is larger than {MostFile} bytes");
        }
        catch (DecoderFallbackException)
        {
            return (null, "the file is not UTF-8 text");
        }
    }

    private static (string? Text, string? Fault, int? Line) Replace(string text, string find, string replace)
    {
        if (find.Length == 0)
        {
            return (null, "`find` must not be empty", null);
        }

        // A model writes plain line ends; a file of Windows line ends keeps its own.
        if (text.Contains("\r\n", StringComparison.Ordinal) && !find.Contains('\r', StringComparison.Ordinal))
        {
            (find, replace) = (find.Replace("\n", "\r\n", StringComparison.Ordinal), replace.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal));
        }

        var first = text.IndexOf(find, StringComparison.Ordinal);
        if (first < 0)
        {
            return (null, "`find` does not occur in the file; it must match exactly, spaces included", null);
        }

        var second = text.IndexOf(find, first + 1, StringComparison.Ordinal);
        return second >= 0
            ? (null, $"`find` occurs more than once, at lines {Line(text, first)} and {Line(text, second)}; give more of the text around it", Line(text, second))
            : text.Length - find.Length + replace.Length > MostFile
                ? (null, $"the file would be larger than {MostFile} bytes", null)
                : (string.Concat(text.AsSpan(0, first), replace, text.AsSpan(first + find.Length)), null, null);
    }

    private static int Line(string text, int index) => text.AsSpan(0, index).Count('\n') + 1;

    // A name that differs from its neighbour's only in case is one file on some machines and two on others.
    private string? Collision(RepositoryPath path)
    {
        var folder = tree;
        foreach (var segment in path.Segments)
        {
            if (folder.FirstOrDefault(entry => entry.Name != segment && string.Equals(entry.Name, segment, StringComparison.OrdinalIgnoreCase)) is not null
                && folder.All(entry => entry.Name != segment))
            {
                return "another file or folder differs from this name only in case";
            }

            if (folder.FirstOrDefault(entry => entry.Name == segment)?.Target is not Tree next)
            {
                break;
            }

            folder = next;
        }

        return edited.Keys.Any(other => other != path.Value && string.Equals(other, path.Value, StringComparison.OrdinalIgnoreCase)) ? "another edit's path differs from this one only in case" : null;
    }

    private bool Store(TreeDefinition definition, string path)
    {
        var before = tree[path];
        if (edited[path] is not { } text)
        {
            definition.Remove(path);
            return before is not null;
        }

        var blob = Blobs.Write(git, Strict.GetBytes(text));
        if (before?.Target.Sha == blob.Sha)
        {
            return false;
        }

        definition.Add(path, blob, before?.Mode is Mode.ExecutableFile ? Mode.ExecutableFile : Mode.NonExecutableFile);
        return true;
    }
}
