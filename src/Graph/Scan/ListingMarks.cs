using System.Data.Common;
using System.Runtime.InteropServices;
using Dapper;
using McpInfra.Storage;

namespace McpInfra.Graph.Scan;

/// <summary>How much further listings have come.</summary>
/// <param name="Forgotten">Those that are not to go on; they come before the others.</param>
/// <param name="Come">Those that have come further.</param>
internal sealed record ListingMarks(IReadOnlyList<string> Forgotten, IReadOnlyList<ListingMark> Come)
{
    public bool IsEmpty => Forgotten.Count == 0 && Come.Count == 0;

    /// <param name="connection">The record.</param>
    /// <param name="organization">The organisation.</param>
    /// <param name="source">The source.</param>
    /// <param name="secret">The key of the digests.</param>
    /// <param name="form">What they have in common.</param>
    public void Store(DbConnection connection, string organization, string source, long secret, UInt128 form)
    {
        foreach (var listing in Forgotten.Distinct())
        {
            connection.Execute("DELETE FROM graph_progress WHERE organization = @organization AND source = @source AND listing = @listing", new { organization, source, listing });
        }

        var common = MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in form)).ToArray();
        Dialect.Of(connection).Insert(connection, "graph_progress", ["organization", "source", "listing", "part", "begun_at", "token", "secret", "form", "digests", "known"],
            Come.Select(mark => new object?[] { organization, source, mark.Listing, (long)mark.Part, mark.Begun, mark.Token, secret, common, mark.Digests, mark.Known }));
    }
}

/// <summary>How far a listing has come.</summary>
/// <param name="Listing">Its key.</param>
/// <param name="Part">How many times that was stored before.</param>
/// <param name="Begun">When it began.</param>
/// <param name="Token">What it goes on from; null when it has ended.</param>
/// <param name="Digests">Of what it told since the part before.</param>
/// <param name="Known">What it has to know again, likewise.</param>
internal sealed record ListingMark(string Listing, int Part, long Begun, string? Token, byte[] Digests, byte[] Known);
