using System.Runtime.InteropServices;

namespace McpInfra.Guardrails.Audit;

/// <summary>Files and folders that only the account of the server can read (0700 and 0600), opened without following links.</summary>
internal static partial class PrivateFiles
{
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileMode0600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The folder, created or narrowed to 0700.</summary>
    /// <exception cref="IOException">It is a link or a file.</exception>
    public static void Folder(string path)
    {
        RefuseLink(path);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, FolderMode);
        if (File.GetUnixFileMode(path) != FolderMode)
        {
            File.SetUnixFileMode(path, FolderMode);
        }
    }

    /// <summary>A new file of mode 0600, unbuffered; fails when anything has that name, a link included.</summary>
    public static FileStream Create(string path, FileShare share) => Open(path, FileMode.CreateNew, FileAccess.ReadWrite, share);

    /// <summary>A file that is opened, or created 0600, unbuffered.</summary>
    /// <exception cref="IOException">It is a link, or another process shares less.</exception>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        RefuseLink(path);
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode is not FileMode.Open)
        {
            options.UnixCreateMode = FileMode0600;
        }

        return new FileStream(path, options);
    }

    /// <summary>Replaces a file's content whole: after a crash it holds the old content or the new one, on disk when this returns.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        RefuseLink(path);
        var fresh = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            using (var file = Create(fresh, FileShare.None))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }

        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Brings the names in a folder to the disk; elsewhere than on Unix the file system does so itself.</summary>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = OpenFolder(path, 0);
        if (folder < 0)
        {
            throw new IOException($"{path} cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        }

        var flushed = Flush(folder);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(folder);
        if (flushed != 0)
        {
            throw new IOException($"{path} cannot be flushed to disk (error {error}).");
        }
    }

    /// <summary>Fails when others than the owner can read the file.</summary>
    public static void RefuseShared(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~FolderMode) != 0)
        {
            throw new IOException($"{path} can be read by other accounts. Make it private with `chmod 600`, and replace the key if others had it.");
        }
    }

    private static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
        {
            throw new IOException($"{path} is a link; the audit trail follows none. Remove it.");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
