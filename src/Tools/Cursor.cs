using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Tools;

/// <summary>Where a longer answer goes on: a position, and a mark of the query and the state it belongs to, so that it fits no other.</summary>
public static class Cursor
{
    /// <summary>The cursor of a position of 1 or more.</summary>
    public static string Of(int position, params IReadOnlyList<string?> query) => $"{position.ToString(CultureInfo.InvariantCulture)}-{Mark(query)}";

    /// <summary>The position; 0 without a cursor, null when it is malformed or of another query.</summary>
    public static int? Position(string? cursor, params IReadOnlyList<string?> query) =>
        cursor is null ? 0
        : cursor.Split('-') is [var position, var mark] && mark == Mark(query) && int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var found) && found > 0 ? found
        : null;

    private static string Mark(IReadOnlyList<string?> query)
    {
        // Lengths keep ("ab", "c") from being ("a", "bc"); null is not the empty text.
        var text = string.Concat(query.Select(part => part is null ? "-;" : $"{part.Length}:{part};"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
    }
}
