using System.Globalization;
using System.Text.RegularExpressions;

namespace McpInfra.Tools.Resources;

/// <summary>Reads times as people write them: ISO 8601, or how long ago (`90m`, `36h`, `7d`, `2w`).</summary>
internal static partial class Moment
{
    public const string Forms = "an ISO 8601 time (2026-01-31 or 2026-01-31T08:00:00Z) or how long ago (90m, 36h, 7d, 2w)";

    /// <summary>The time, or null when the text is none.</summary>
    public static DateTimeOffset? Read(string text, DateTimeOffset now)
    {
        if (Ago().Match(text) is { Success: true } ago && int.TryParse(ago.Groups[1].ValueSpan, out var number))
        {
            return now - ago.Groups[2].Value switch { "m" => TimeSpan.FromMinutes(number), "h" => TimeSpan.FromHours(number), "d" => TimeSpan.FromDays(number), _ => TimeSpan.FromDays(7 * number) };
        }

        return Iso().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }

    [GeneratedRegex("^([0-9]{1,4})([mhdw])$")]
    private static partial Regex Ago();

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})?)?$")]
    private static partial Regex Iso();
}
