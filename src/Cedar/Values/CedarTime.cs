using System.Globalization;

namespace McpInfra.Cedar;

/// <summary>Reads and writes `datetime` (YYYY-MM-DD, or with Thh:mm:ss[.SSS] and Z or an offset ±hhmm) and `duration` (-?1d2h3m4s5ms).</summary>
internal static class CedarTime
{
    public const long Day = 86_400_000;

    private static readonly (string Name, long Milliseconds)[] Units = [("d", Day), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    public static bool TryParseDuration(ReadOnlySpan<char> text, out long milliseconds)
    {
        milliseconds = 0;
        var negative = text.StartsWith("-");
        var rest = negative ? text[1..] : text;
        if (rest.IsEmpty)
        {
            return false;
        }

        Int128 total = 0;
        for (var next = 0; !rest.IsEmpty;)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits < 1 || !Int128.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var amount) || amount > long.MaxValue + (Int128)1)
            {
                return false;
            }

            rest = rest[digits..];
            var unit = Unit(rest, next);
            if (unit < 0)
            {
                return false;
            }

            total += amount * Units[unit].Milliseconds;
            rest = rest[Units[unit].Name.Length..];
            next = unit + 1;
        }

        total = negative ? -total : total;
        milliseconds = unchecked((long)total);
        return total == milliseconds;
    }

    public static bool TryParseDateTime(ReadOnlySpan<char> text, out long milliseconds)
    {
        milliseconds = 0;
        if (!TryDigits(text, 0, 4, out var year) || !At(text, 4, '-') || !TryDigits(text, 5, 2, out var month) || !At(text, 7, '-') || !TryDigits(text, 8, 2, out var day)
            || month is < 1 or > 12 || day < 1 || day > DaysIn(year, month))
        {
            return false;
        }

        var date = DaysSinceEpoch(year, month, day) * Day;
        if (text.Length == 10)
        {
            milliseconds = date;
            return true;
        }

        if (!At(text, 10, 'T') || !TryDigits(text, 11, 2, out var hour) || !At(text, 13, ':') || !TryDigits(text, 14, 2, out var minute) || !At(text, 16, ':') || !TryDigits(text, 17, 2, out var second)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var rest = text[19..];
        var fraction = 0;
        if (At(rest, 0, '.'))
        {
            if (!TryDigits(rest, 1, 3, out fraction))
            {
                return false;
            }

            rest = rest[4..];
        }

        if (!TryOffset(rest, out var offset))
        {
            return false;
        }

        milliseconds = date + (((hour * 60L) + minute) * 60 * 1000) + (second * 1000L) + fraction - offset;
        return true;
    }

    public static string PrintDateTime(long milliseconds)
    {
        if (milliseconds is < -62_135_596_800_000 or > 253_402_300_799_999)
        {
            return string.Create(CultureInfo.InvariantCulture, $"datetime(\"1970-01-01\").offset(duration(\"{milliseconds}ms\"))");
        }

        var time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return string.Create(CultureInfo.InvariantCulture, $"datetime(\"{time:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\")");
    }

    public static long TimeOfDay(long milliseconds) => ((milliseconds % Day) + Day) % Day;

    private static int Unit(ReadOnlySpan<char> rest, int from)
    {
        for (var unit = from; unit < Units.Length; unit++)
        {
            // `5ms` is milliseconds, not minutes followed by an s.
            if (rest.StartsWith(Units[unit].Name) && !(Units[unit].Name == "m" && rest.StartsWith("ms")))
            {
                return unit;
            }
        }

        return -1;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text is "Z")
        {
            return true;
        }

        if (text.Length != 5 || text[0] is not ('+' or '-') || !TryDigits(text, 1, 2, out var hours) || !TryDigits(text, 3, 2, out var minutes) || hours > 23 || minutes > 59)
        {
            return false;
        }

        milliseconds = ((hours * 60L) + minutes) * 60_000 * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool At(ReadOnlySpan<char> text, int at, char letter) => at < text.Length && text[at] == letter;

    private static bool TryDigits(ReadOnlySpan<char> text, int at, int count, out int number)
    {
        number = 0;
        return at + count <= text.Length
            && !text.Slice(at, count).ContainsAnyExceptInRange('0', '9')
            && int.TryParse(text.Slice(at, count), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static bool IsLeap(int year) => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    private static int DaysIn(int year, int month) => month == 2 ? (IsLeap(year) ? 29 : 28) : month is 4 or 6 or 9 or 11 ? 30 : 31;

    /// <summary>The proleptic Gregorian calendar from year 0, which DateTime lacks: years are counted from March, so that the leap day comes last.</summary>
    private static long DaysSinceEpoch(int year, int month, int day)
    {
        var marchYear = month > 2 ? year : year - 1;
        var era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400;
        var yearOfEra = marchYear - (era * 400);
        var dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097L) + dayOfEra - 719_468;
    }
}
