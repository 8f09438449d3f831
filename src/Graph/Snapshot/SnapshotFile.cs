using System.IO.Hashing;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace McpInfra.Graph.Snapshot;

/// <summary>
/// A snapshot's bytes, memory-mapped where they are many and nobody but their owner may write them. Its head is checked when it is opened, each section when it is first read.
/// It is unmapped when nobody holds it any more: whoever reads a span of it keeps it alive meanwhile.
/// </summary>
internal sealed unsafe class SnapshotFile
{
    /// <summary>"mcpgraph".</summary>
    public const ulong Magic = 0x68706172_6770636D;

    /// <summary>Raised with every change of layout: a file of another version is built anew.</summary>
    public const int Format = 1;

    private const long MapFrom = 16 << 20;

    private static readonly int Sections = Enum.GetValues<SnapshotSection>().Length;

    private readonly object owner;
    private readonly SafeFileHandle? handle;
    private readonly byte* start;
    private readonly Entry[] entries;
    private readonly bool[] verified;

    private SnapshotFile(object owner, byte* start, SnapshotHead head, Entry[] entries, SafeFileHandle? handle)
    {
        this.handle = handle;
        this.start = start;
        (this.owner, Head, this.entries) = (owner, head, entries);
        verified = new bool[entries.Length];
    }

    /// <summary>What it says of itself.</summary>
    public SnapshotHead Head { get; }

    /// <summary>Its length in bytes.</summary>
    public long Length => entries.Max(entry => entry.Offset + entry.Length);

    private static int HeadBytes => sizeof(Prologue) + (Sections * sizeof(Entry)) + sizeof(ulong);

    /// <summary>Whether what is mapped is still there: who reads beyond the end of a file that was cut short meanwhile is killed by the system.</summary>
    public bool IsWhole => handle is null || RandomAccess.GetLength(handle) == Length;

    /// <summary>The organisation's snapshot at the path; null when there is none, or it is cut short, damaged, of another format or of another organisation.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="organization">Whose it is.</param>
    /// <param name="mapFrom">Bytes from which on it is mapped; a smaller one is read, which costs little and is out of reach of whoever writes to the file, and so is one that others may write.</param>
    public static SnapshotFile? Open(string path, UInt128 organization, long mapFrom = MapFrom)
    {
        try
        {
            var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var length = RandomAccess.GetLength(file);
            return (length < HeadBytes ? null : length < mapFrom || OthersMayWrite(file) ? Private(file, length) : Mapped(file, length)) is { } opened && opened.Head.Organization == organization ? opened : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Whoever cuts short a file that is mapped ends the process that reads it. Windows lets nobody.
    private static bool OthersMayWrite(SafeFileHandle file) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;

    private static SnapshotFile? Private(SafeFileHandle file, long length)
    {
        using (file)
        {
            if (length > Array.MaxLength)
            {
                return null;
            }

            var bytes = GC.AllocateUninitializedArray<byte>((int)length, pinned: true);
            var read = 0;
            while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), read) is > 0 and var more)
            {
                read += more;
            }

            return read == bytes.Length ? Read(bytes, (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(bytes)), length, null) : null;
        }
    }

    private static SnapshotFile? Mapped(SafeFileHandle file, long length)
    {
        using var map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        var view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read).SafeMemoryMappedViewHandle;
        byte* start = null;
        view.AcquirePointer(ref start);
        view.DangerousRelease(); // The handle's own finalizer unmaps it, when this object that keeps it is gone.
        return Read(view, start, length, file);
    }

    /// <summary>A snapshot that only this process has.</summary>
    public static SnapshotFile InMemory(byte[] pinned) => Read(pinned, (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned)), pinned.LongLength, null)!;

    /// <summary>Head of a file whose sections have these lengths; they follow in order, each at a multiple of 64 bytes.</summary>
    public static byte[] WriteHead(SnapshotHead head, IReadOnlyList<ReadOnlyMemory<byte>> sections, out long[] offsets)
    {
        offsets = new long[Sections];
        var bytes = new byte[HeadBytes];
        var entries = MemoryMarshal.Cast<byte, Entry>(bytes.AsSpan(sizeof(Prologue), Sections * sizeof(Entry)));
        var end = (long)HeadBytes;
        for (var at = 0; at < Sections; at++)
        {
            offsets[at] = (end + 63) & ~63L;
            entries[at] = new Entry(offsets[at], sections[at].Length, XxHash3.HashToUInt64(sections[at].Span));
            end = offsets[at] + sections[at].Length;
        }

        MemoryMarshal.Write(bytes, new Prologue(Magic, Format, Sections, end, head));
        MemoryMarshal.Write(bytes.AsSpan(HeadBytes - sizeof(ulong)), XxHash3.HashToUInt64(bytes.AsSpan(0, HeadBytes - sizeof(ulong))));
        return bytes;
    }

    /// <summary>A section's elements.</summary>
    /// <exception cref="SnapshotException">Its bytes are not what was written.</exception>
    public ReadOnlySpan<T> Section<T>(SnapshotSection section)
        where T : unmanaged
    {
        ref readonly var entry = ref entries[(int)section];
        var bytes = new ReadOnlySpan<byte>(start + entry.Offset, (int)entry.Length);
        if (!Volatile.Read(ref verified[(int)section]))
        {
            if (XxHash3.HashToUInt64(bytes) != entry.Hash)
            {
                throw new SnapshotException(section);
            }

            Volatile.Write(ref verified[(int)section], true);
        }

        return MemoryMarshal.Cast<byte, T>(bytes);
    }

    private static SnapshotFile? Read(object owner, byte* start, long length, SafeFileHandle? handle)
    {
        var bytes = new ReadOnlySpan<byte>(start, HeadBytes);
        var prologue = MemoryMarshal.Read<Prologue>(bytes);
        if (prologue.Magic != Magic || prologue.Format != Format || prologue.Sections != Sections || prologue.Length != length
            || MemoryMarshal.Read<ulong>(bytes[^sizeof(ulong)..]) != XxHash3.HashToUInt64(bytes[..^sizeof(ulong)]))
        {
            return null;
        }

        var entries = MemoryMarshal.Cast<byte, Entry>(bytes.Slice(sizeof(Prologue), Sections * sizeof(Entry))).ToArray();
        return new SnapshotFile(owner, start, prologue.Head, entries, handle);
    }

    /// <summary>Keeps what is mapped alive up to here.</summary>
    public void KeepAlive() => GC.KeepAlive(owner);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Prologue(ulong Magic, int Format, int Sections, long Length, SnapshotHead Head);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Entry(long Offset, long Length, ulong Hash);
}
