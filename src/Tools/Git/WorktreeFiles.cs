using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace McpInfra.Tools.Git;

/// <summary>Reads files of a folder whose content is a stranger's: no link is followed at any step of the path, and only ordinary files are read.</summary>
public static partial class WorktreeFiles
{
    private static readonly Flags Open = Flags.OfThisPlatform();

    /// <summary>The file's bytes; null when there is none.</summary>
    /// <param name="root">Absolute path of the folder; a link in it is the operator's and is followed.</param>
    /// <param name="path">The file within it.</param>
    /// <param name="most">Most bytes read.</param>
    /// <exception cref="RepositoryException">A step of the path is a link, the file is no ordinary file, is too large, or cannot be read.</exception>
    public static byte[]? Read(string root, RepositoryPath path, int most)
    {
        var bytes = Read(root, path, most, out var tooLarge);
        return tooLarge ? throw new RepositoryException($"A file of the working tree is larger than {most} bytes.", path.Value) : bytes;
    }

    internal static byte[]? Read(string root, RepositoryPath path, int most, out bool tooLarge)
    {
        tooLarge = false;
        try
        {
            using var handle = OperatingSystem.IsWindows() ? OpenChecked(root, path) : OpenBeneath(root, path);
            return handle is null ? null : ReadAll(handle, path, most, out tooLarge);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RepositoryException("A file of the working tree cannot be read. Check its permissions.", path.Value);
        }
    }

    private static byte[]? ReadAll(SafeFileHandle handle, RepositoryPath path, int most, out bool tooLarge)
    {
        using var file = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        if (!file.CanSeek)
        {
            throw new RepositoryException("A tracked file of the working tree is not an ordinary file.", path.Value);
        }

        tooLarge = file.Length > most;
        if (tooLarge)
        {
            return null;
        }

        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static SafeFileHandle? OpenBeneath(string root, RepositoryPath path)
    {
        var folder = OpenAt(Open.CurrentFolder, root, Open.Folder);
        try
        {
            for (var index = 0; folder >= 0; index++)
            {
                var last = index == path.Segments.Count - 1;
                var next = OpenAt(folder, path.Segments[index], (last ? Open.File : Open.Folder) | Open.NoFollow);
                var error = Marshal.GetLastPInvokeError();
                _ = Close(folder);
                folder = next;
                if (next < 0 && error != Flags.Absent)
                {
                    throw error == Open.IsLink || error == Flags.NotAFolder
                        ? new RepositoryException("A path of the working tree passes through a symbolic link or a file. Links are not followed.", path.Value)
                        : new IOException();
                }

                if (next >= 0 && last)
                {
                    folder = -1;
                    return new SafeFileHandle(next, ownsHandle: true);
                }
            }

            return null;
        }
        finally
        {
            if (folder >= 0)
            {
                _ = Close(folder);
            }
        }
    }

    // Windows has no openat: each step is looked at before the file is opened. What runs as the same user could change it in between.
    private static SafeFileHandle? OpenChecked(string root, RepositoryPath path)
    {
        var step = root;
        foreach (var segment in path.Segments)
        {
            step = Path.Combine(step, segment);
            FileSystemInfo entry = Directory.Exists(step) ? new DirectoryInfo(step) : new FileInfo(step);
            if (!entry.Exists)
            {
                return null;
            }

            if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                throw new RepositoryException("A path of the working tree passes through a symbolic link. Links are not followed.", path.Value);
            }
        }

        return File.OpenHandle(step, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenAt(int folder, string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int handle);

    /// <summary>The numbers of fcntl.h and errno.h, which differ by platform.</summary>
    private sealed record Flags(int CurrentFolder, int File, int Folder, int NoFollow, int IsLink)
    {
        public const int Absent = 2;
        public const int NotAFolder = 20;

        public static Flags OfThisPlatform() =>
            OperatingSystem.IsMacOS() ? new(-2, 0x1000004, 0x1100000, 0x100, 62)
            : RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? new(-100, 0x80800, 0x84000, 0x8000, 40)
            : new(-100, 0x80800, 0x90000, 0x20000, 40);
    }
}
