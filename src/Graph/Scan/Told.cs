using System.Data.Common;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Dapper;
using McpInfra.Storage;

namespace McpInfra.Graph.Scan;

/// <summary>
/// What a source was heard to tell by its last whole scan, and what it tells in this one, as <see cref="Digests"/>: sixteen bytes each, sorted, in the record.
/// The record forgets them with the first row that a scan writes, so that a scan which is killed leaves none that are untrue.
/// </summary>
internal sealed class Told
{
    private const int DigestsOfRow = 65_536;
    private const int OfBucket = 4;
    private const int Kinds = 8;

    /// <summary>The bits of a digest that hold its <see cref="Kind"/>.</summary>
    public static readonly UInt128 KindBits = Kinds - 1;

    private readonly UInt128[] before;
    private readonly int[] starts;
    private readonly int shift;
    private readonly ulong[] marks;
    private readonly DigestSet news = new();
    private readonly int[] unseen = new int[Kinds];
    private readonly int[] added = new int[Kinds];
    private int marked;

    private Told(long key, UInt128[] sorted)
    {
        (Key, before, marks) = (key, sorted, new ulong[(sorted.Length + 63) / 64]);
        var bits = Math.Max(1, 31 - int.LeadingZeroCount(Math.Max(1, sorted.Length / OfBucket)));
        (shift, starts) = (128 - bits, new int[(1 << bits) + 1]);
        foreach (var digest in sorted)
        {
            starts[(int)(digest >> shift) + 1]++;
            unseen[KindOf(digest)]++;
        }

        for (var at = 1; at < starts.Length; at++)
        {
            starts[at] += starts[at - 1];
        }
    }

    /// <summary>Whether a digest was seen before.</summary>
    public enum Sight
    {
        /// <summary>Neither in this scan nor in the last.</summary>
        New,

        /// <summary>In the last scan, and now for the first time in this.</summary>
        Known,

        /// <summary>In this scan.</summary>
        Again,
    }

    /// <summary>What a digest is of.</summary>
    public enum Kind
    {
        /// <summary>Something whose going is not looked for by it.</summary>
        Other,

        /// <summary>That a resource was told.</summary>
        Key,

        /// <summary>A relation.</summary>
        Relation,

        /// <summary>That an address of a state was told.</summary>
        Address,

        /// <summary>A listing that was complete.</summary>
        Scope,
    }

    /// <summary>The key of the digests.</summary>
    public long Key { get; }

    /// <summary>Whether this scan was told all that the last was, and nothing else.</summary>
    public bool IsAsBefore => before.Length > 0 && marked == before.Length && news.Count == 0;

    /// <summary>Whether this scan's complete listings are those of the last, which was whole, and named all of a kind that the last named: then none of it is gone.</summary>
    public bool IsNoneGone(Kind kind) => before.Length > 0 && unseen[(int)kind] == 0 && unseen[(int)Kind.Scope] == 0 && added[(int)Kind.Scope] == 0;

    /// <summary>What the record holds of a source.</summary>
    public static Told Load(DbConnection connection, string organization, string source)
    {
        var rows = connection.Query<(long Key, byte[] Digests)>("SELECT secret, digests FROM graph_told WHERE organization = @organization AND source = @source ORDER BY part", new { organization, source }, buffered: false).ToList();
        var sorted = new UInt128[rows.Sum(row => row.Digests.Length / 16)];
        var bytes = MemoryMarshal.AsBytes(sorted.AsSpan());
        foreach (var (_, digests) in rows)
        {
            digests.CopyTo(bytes);
            bytes = bytes[digests.Length..];
        }

        return new Told(
            rows.Count > 0 ? rows[0].Key
                : connection.ExecuteScalar<long?>("SELECT secret FROM graph_progress WHERE organization = @organization AND source = @source LIMIT 1", new { organization, source }) ?? MemoryMarshal.Read<long>(RandomNumberGenerator.GetBytes(sizeof(long))),
            sorted);
    }

    /// <summary>Takes what a source was told out of the record.</summary>
    public static void Forget(DbConnection connection, string organization, string source) =>
        connection.Execute("DELETE FROM graph_told WHERE organization = @organization AND source = @source", new { organization, source });

    /// <summary>Notes a digest of this scan.</summary>
    public Sight See(UInt128 digest)
    {
        var at = Find(digest);
        if (at < 0)
        {
            if (!news.Add(digest))
            {
                return Sight.Again;
            }

            added[KindOf(digest)]++;
            return Sight.New;
        }

        if (IsMarked(at))
        {
            return Sight.Again;
        }

        marks[at >> 6] |= 1UL << (at & 63);
        marked++;
        unseen[KindOf(digest)]--;
        return Sight.Known;
    }

    /// <summary>Whether this scan was told it.</summary>
    public bool Has(UInt128 digest) => Find(digest) is >= 0 and var at ? IsMarked(at) : news.Contains(digest);

    /// <summary>Puts what this scan was told in the place of what the last was.</summary>
    public void Store(DbConnection connection, string organization, string source)
    {
        Forget(connection, organization, source);
        var sorted = new UInt128[marked + news.Count];
        news.CopyTo(sorted);
        for (var (at, filled) = (0, news.Count); at < before.Length; at++)
        {
            if (IsMarked(at))
            {
                sorted[filled++] = before[at];
            }
        }

        Array.Sort(sorted);
        Dialect.Of(connection).Insert(connection, "graph_told", ["organization", "source", "part", "secret", "digests"],
            sorted.Chunk(DigestsOfRow).Select((digests, part) => new object?[] { organization, source, (long)part, Key, MemoryMarshal.AsBytes(digests.AsSpan()).ToArray() }));
    }

    private static int KindOf(UInt128 digest) => (int)(uint)(digest & KindBits);

    private bool IsMarked(int at) => (marks[at >> 6] & (1UL << (at & 63))) != 0;

    private int Find(UInt128 digest)
    {
        var bucket = (int)(digest >> shift);
        for (var at = starts[bucket]; at < starts[bucket + 1]; at++)
        {
            if (before[at] == digest)
            {
                return at;
            }
        }

        return -1;
    }
}
