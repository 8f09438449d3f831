using System.Globalization;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Queries;

/// <summary>A place in the answer to one query: a mark of the query and a number. Holds no text of anybody.</summary>
public static class Cursor
{
    /// <summary>A cursor of the query.</summary>
    public static string Write(string query, long place) => $"{Mark(query)}-{place.ToString("x", CultureInfo.InvariantCulture)}";

    /// <summary>The place that a cursor names.</summary>
    /// <exception cref="CursorException">It is none, or one of another query.</exception>
    public static long Read(string query, string cursor)
    {
        var parts = cursor.Split('-');
        if (parts.Length != 2 || parts[0].Length != 12 || !long.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var place) || place < 0)
        {
            throw new CursorException("The cursor is not one of ours. Repeat the call without it.");
        }

        return parts[0] == Mark(query) ? place : throw new CursorException("This is a cursor of another query. Repeat it with the arguments it came with, or ask anew without a cursor.");
    }

    private static string Mark(string query) => Fingerprint.Of(query).ToString("x32", CultureInfo.InvariantCulture)[..12];
}

/// <summary>A cursor that does not fit; the message is our own words.</summary>
public sealed class CursorException(string message) : Exception(message);
