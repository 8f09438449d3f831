using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace McpInfra.Graph.Collectors;

/// <summary>Mends what JSON may hold and no text can: an escape that is half of a character, on which whoever wrote one text could make the reading of all fail.</summary>
internal static class JsonText
{
    private const int EscapeLength = 6;

    /// <summary>The value that bytes hold, which are mended where they are.</summary>
    /// <exception cref="JsonException">They are no JSON in UTF-8.</exception>
    public static JsonElement Parse(byte[] json)
    {
        Mend(json);
        return Utf8.IsValid(json) ? JsonElement.Parse(json) : throw new JsonException("Not UTF-8.");
    }

    /// <summary>Writes U+FFFD in place of every half.</summary>
    public static void Mend(Span<byte> json)
    {
        for (var at = json.IndexOf((byte)'\\'); at >= 0 && at + 1 < json.Length;)
        {
            var (unit, next) = (Unit(json, at), at + 2);
            if (unit is { } half && char.IsSurrogate(half))
            {
                var isPair = char.IsHighSurrogate(half) && Unit(json, at + EscapeLength) is { } other && char.IsLowSurrogate(other);
                if (!isPair)
                {
                    "fffd"u8.CopyTo(json[(at + 2)..]);
                }

                next = at + (isPair ? 2 * EscapeLength : EscapeLength);
            }

            var more = json[Math.Min(next, json.Length)..].IndexOf((byte)'\\');
            at = more < 0 ? -1 : next + more;
        }
    }

    private static char? Unit(ReadOnlySpan<byte> json, int at) =>
        at + EscapeLength <= json.Length && json[at] == '\\' && json[at + 1] == 'u' && ushort.TryParse(json.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : null;
}
