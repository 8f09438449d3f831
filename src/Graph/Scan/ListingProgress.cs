using System.Data.Common;
using System.Runtime.InteropServices;
using Dapper;
using McpInfra.Graph.Collectors;

namespace McpInfra.Graph.Scan;

/// <summary>How far the listings of a source have come, with digests of what they told: where a scan is cut the next goes on, unless an hour has gone by. One thread at a time may use it.</summary>
internal sealed class ListingProgress
{
    private const int LongestToken = 8192;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private readonly Dictionary<string, Listing> listings = [];
    private readonly long now;
    private List<string> forgotten = [];
    private bool hasCome;

    /// <param name="connection">The record.</param>
    /// <param name="organization">The organisation.</param>
    /// <param name="source">The source.</param>
    /// <param name="now">The time of the scan.</param>
    /// <param name="form">What digests of one form have in common; those of another are of no use.</param>
    public ListingProgress(DbConnection connection, string organization, string source, long now, UInt128 form)
    {
        this.now = now;
        foreach (var row in connection.Query<(string Name, long Begun, string? Token, byte[] Form, byte[] Digests, byte[] Known)>(
            "SELECT listing, begun_at, token, form, digests, known FROM graph_progress WHERE organization = @organization AND source = @source ORDER BY listing, part", new { organization, source }))
        {
            if (row.Begun > now || now - row.Begun > Longest.TotalMilliseconds || MemoryMarshal.Read<UInt128>(row.Form) != form)
            {
                forgotten.Add(row.Name);
                continue;
            }

            var listing = Of(row.Name);
            (listing.Begun, listing.Token) = (row.Begun, row.Token);
            listing.Parts++;
            listing.Kept.AddRange(MemoryMarshal.Cast<byte, UInt128>(row.Digests));
            listing.KeptKnown.AddRange(MemoryMarshal.Cast<byte, UInt128>(row.Known));
        }

        Unfinished = new Unfinished(listings.ToDictionary(listing => listing.Key, listing => new KeptPlace(listing.Value.Token, listing.Value.KeptKnown)));
    }

    /// <summary>How far they had come when this scan began.</summary>
    public Unfinished Unfinished { get; }

    /// <summary>When the oldest that was gone on with had begun; null when none was.</summary>
    public long? Since { get; private set; }

    /// <summary>Whether any has come further than is stored.</summary>
    public bool HasNews => hasCome || forgotten.Count > 0;

    /// <summary>Notes what a listing told; null for one that cannot go on.</summary>
    public void Note(string? listing, UInt128 digest)
    {
        if (listing is not null)
        {
            Of(listing).Told.Add(digest);
        }
    }

    /// <summary>A listing goes on, or begins anew. Answers what it had told that counts.</summary>
    public IReadOnlyList<UInt128> Begin(string listing, bool goesOn)
    {
        var one = Of(listing);
        if (goesOn)
        {
            (one.IsRead, Since) = (true, Math.Min(Since ?? now, one.Begun));
            return one.Kept;
        }

        listings.Remove(listing);
        if (one.Parts > 0)
        {
            forgotten.Add(listing);
        }

        return [];
    }

    /// <summary>A listing has told whole pages.</summary>
    public void Reach(string listing, Observation.Reached reached)
    {
        var one = Of(listing);
        one.Known.AddRange(reached.Known);
        if (reached.Token is null or { Length: <= LongestToken })
        {
            one.Whole.AddRange(one.Told);
            one.Told.Clear();
            (one.Token, one.IsRead, one.HasCome, hasCome) = (reached.Token, true, true, true);
        }
    }

    /// <summary>What is to be stored, which no longer waits.</summary>
    public ListingMarks Next()
    {
        var marks = new ListingMarks(forgotten, [.. listings.Where(listing => listing.Value.HasCome).Select(listing => listing.Value.Mark(listing.Key))]);
        (forgotten, hasCome) = ([], false);
        return marks;
    }

    /// <summary>What is to be stored when the scan has ended: only listings that broke off can go on.</summary>
    public ListingMarks Last()
    {
        foreach (var (name, listing) in listings.Where(listing => listing.Value is { IsRead: true, Token: null }).ToList())
        {
            Begin(name, goesOn: false);
        }

        return Next();
    }

    private Listing Of(string name)
    {
        ref var listing = ref CollectionsMarshal.GetValueRefOrAddDefault(listings, name, out _);
        return listing ??= new Listing { Begun = now };
    }

    private sealed class Listing
    {
        public long Begun { get; set; }

        public string? Token { get; set; }

        /// <summary>Whether this scan has come somewhere in it.</summary>
        public bool IsRead { get; set; }

        /// <summary>Whether it has come further than is stored.</summary>
        public bool HasCome { get; set; }

        /// <summary>How many rows of the record are its.</summary>
        public int Parts { get; set; }

        public List<UInt128> Kept { get; } = [];

        public List<UInt128> KeptKnown { get; } = [];

        /// <summary>What it told since it last reached a place.</summary>
        public List<UInt128> Told { get; } = [];

        /// <summary>What it told up to there that is not stored.</summary>
        public List<UInt128> Whole { get; } = [];

        public List<UInt128> Known { get; } = [];

        public ListingMark Mark(string name)
        {
            var mark = new ListingMark(name, Parts++, Begun, Token, Bytes(Whole), Bytes(Known));
            Whole.Clear();
            Known.Clear();
            HasCome = false;
            return mark;
        }

        private static byte[] Bytes(List<UInt128> digests) => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(digests)).ToArray();
    }
}
