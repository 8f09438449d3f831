using System.IO.Hashing;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace McpInfra.Graph.Snapshot;

/// <summary>
/// A snapshot's bytes, memory-mapped. Its head is checked when it is opened, each section when it is first read.
/// It is unmapped when nobody holds it any more: whoever reads a span of it keeps it alive meanwhile.
/// </summary>
internal sealed unsafe class SnapshotFile
{
    /// <summary>"mcpgraph".</summary>
    public const ulong Magic = 0x68706172_6770636D;

    /// <summary>Raised with every change of layout: a file of another version is built anew.</summary>
    public const int Format = 1;

    private static readonly int Sections = Enum.GetValues<SnapshotSection>().Length;

    private readonly object owner;
    private readonly byte* start;
    private readonly Entry[] entries;
    private readonly bool[] verified;

    private SnapshotFile(object owner, byte* start, SnapshotHead head, Entry[] entries)
    {
        this.start = start;
        (this.owner, Head, this.entries) = (owner, head, entries);
        verified = new bool[entries.Length];
    }

    /// <summary>What it says of itself.</summary>
    public SnapshotHead Head { get; }

    /// <summary>Its length in bytes.</summary>
    public long Length => entries.Max(entry => entry.Offset + entry.Length);

    private static int HeadBytes => sizeof(Prologue) + (Sections * sizeof(Entry)) + sizeof(ulong);

    /// <summary>The organisation's snapshot at the path; null when there is none, or it is cut short, damaged, of another format or of another organisation.</summary>
    public static SnapshotFile? Open(string path, UInt128 organization)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (stream.Length < HeadBytes)
            {
                return null;
            }

            using var map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            var handle = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read).SafeMemoryMappedViewHandle;
            byte* start = null;
            handle.AcquirePointer(ref start);
            handle.DangerousRelease(); // The handle's own finalizer unmaps it, when this object that keeps it is gone.
            return Read(handle, start, stream.Length) is { } file && file.Head.Organization == organization ? file : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A snapshot that only this process has.</summary>
    public static SnapshotFile InMemory(byte[] pinned) => Read(pinned, (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned)), pinned.LongLength)!;

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

    private static SnapshotFile? Read(object owner, byte* start, long length)
    {
        var bytes = new ReadOnlySpan<byte>(start, HeadBytes);
        var prologue = MemoryMarshal.Read<Prologue>(bytes);
        if (prologue.Magic != Magic || prologue.Format != Format || prologue.Sections != Sections || prologue.Length != length
            || MemoryMarshal.Read<ulong>(bytes[^sizeof(ulong)..]) != XxHash3.HashToUInt64(bytes[..^sizeof(ulong)]))
        {
            return null;
        }

        var entries = MemoryMarshal.Cast<byte, Entry>(bytes.Slice(sizeof(Prologue), Sections * sizeof(Entry))).ToArray();
        return new SnapshotFile(owner, start, prologue.Head, entries);
    }

    /// <summary>Keeps what is mapped alive up to here.</summary>
    public void KeepAlive() => GC.KeepAlive(owner);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Prologue(ulong Magic, int Format, int Sections, long Length, SnapshotHead Head);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Entry(long Offset, long Length, ulong Hash);
}
