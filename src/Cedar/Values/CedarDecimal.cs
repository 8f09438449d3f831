using System.Globalization;

namespace McpInfra.Cedar;

/// <summary>Reads and writes decimals: `-?digits.digits`, one to four places, held as ten-thousandths in 64 bits.</summary>
internal static class CedarDecimal
{
    private const int Places = 4;

    public static bool TryParse(ReadOnlySpan<char> text, out long tenThousandths)
    {
        tenThousandths = 0;
        var negative = text.StartsWith("-");
        var digits = negative ? text[1..] : text;
        var point = digits.IndexOf('.');
        if (point < 1)
        {
            return false;
        }

        var whole = digits[..point];
        var fraction = digits[(point + 1)..];
        if (fraction.Length is < 1 or > Places || !AreDigits(whole) || !AreDigits(fraction) || !Int128.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out var units))
        {
            return false;
        }

        var scaled = int.Parse(fraction, NumberStyles.None, CultureInfo.InvariantCulture);
        for (var place = fraction.Length; place < Places; place++)
        {
            scaled *= 10;
        }

        if (units > long.MaxValue)
        {
            return false;
        }

        var total = (units * 10_000) + scaled;
        total = negative ? -total : total;
        tenThousandths = unchecked((long)total);
        return total == tenThousandths;
    }

    /// <summary>At least one place, trailing zeros left out.</summary>
    public static string Print(long tenThousandths)
    {
        var size = Int128.Abs(tenThousandths);
        var fraction = ((int)(size % 10_000)).ToString("D4", CultureInfo.InvariantCulture).TrimEnd('0');
        return string.Create(CultureInfo.InvariantCulture, $"{(tenThousandths < 0 ? "-" : "")}{(long)(size / 10_000)}.{(fraction.Length == 0 ? "0" : fraction)}");
    }

    private static bool AreDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
