using System.Globalization;

namespace McpInfra.Graph.Snapshot;

/// <summary>Writes snapshots so that readers see the old one or the new one, whole.</summary>
internal static class SnapshotPublisher
{
    private const string Ending = ".snapshot";

    /// <summary>Where an organisation's snapshot lies.</summary>
    public static string PathOf(string folder, UInt128 organization) => Path.Combine(folder, organization.ToString("x32", CultureInfo.InvariantCulture) + Ending);

    /// <summary>Publishes a snapshot and opens it; where the folder cannot be written, it is this process's alone.</summary>
    public static SnapshotFile Publish(string path, SnapshotHead head, ReadOnlyMemory<byte>[] sections)
    {
        var start = SnapshotFile.WriteHead(head, sections, out var offsets);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}";
            try
            {
                Write(temporary, start, sections, offsets);
                Replace(path, temporary);
            }
            finally
            {
                File.Delete(temporary);
            }

            if (SnapshotFile.Open(path, head.Organization) is { } file && file.Head == head)
            {
                return file;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Queries go on without the file; the next build tries again.
        }

        return InMemory(start, sections, offsets);
    }

    /// <summary>Takes away what builds that were killed left behind.</summary>
    public static void Tidy(string path, DateTimeOffset before)
    {
        try
        {
            foreach (var left in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + ".*").Where(left => File.GetLastWriteTimeUtc(left) < before))
            {
                Delete(left);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // There is no folder yet.
        }
    }

    /// <summary>Windows lets nobody put another in the place of a file that is mapped, but lets it be renamed: then the old one is tidied away once nobody has it.</summary>
    private static void Replace(string path, string temporary)
    {
        try
        {
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && OperatingSystem.IsWindows())
        {
            File.Move(path, $"{path}.{Guid.NewGuid():N}.old");
            File.Move(temporary, path);
        }
    }

    private static void Delete(string left)
    {
        try
        {
            File.Delete(left);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another process tidies too, or still has it mapped.
        }
    }

    private static void Write(string path, byte[] start, ReadOnlyMemory<byte>[] sections, long[] offsets)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(start);
        for (var at = 0; at < sections.Length; at++)
        {
            file.Position = offsets[at];
            file.Write(sections[at].Span);
        }

        file.SetLength(offsets[^1] + sections[^1].Length);
        file.Flush(flushToDisk: true);
    }

    private static SnapshotFile InMemory(byte[] start, ReadOnlyMemory<byte>[] sections, long[] offsets)
    {
        var bytes = GC.AllocateArray<byte>((int)(offsets[^1] + sections[^1].Length), pinned: true);
        start.CopyTo(bytes, 0);
        for (var at = 0; at < sections.Length; at++)
        {
            sections[at].CopyTo(bytes.AsMemory((int)offsets[at]));
        }

        return SnapshotFile.InMemory(bytes);
    }
}
