namespace McpInfra.Cedar.Tests.Differential;

/// <summary>Values on and beside the edges of their types.</summary>
internal static class Pools
{
    public static readonly string[] Texts = ["", "a", "ab", "a*b", "*", "\\", "\"", "é", "😀", "e\u0301", "\n", "\0", "aaa", "x", "y z", "abcabc"];

    public static readonly long[] Numbers = [0, 1, -1, 2, 3, 7, 10, 42, long.MaxValue, long.MinValue, long.MaxValue - 1, 4_611_686_018_427_387_904, 3_037_000_500];

    /// <summary>What a JavaScript number holds exactly, for the official engine gets its data through one.</summary>
    public static readonly long[] DataNumbers = [0, 1, -1, 2, 3, 7, 10, 42, 9_007_199_254_740_991, -9_007_199_254_740_991, 3_037_000_500];

    public static readonly string[] Patterns = ["*", "", "a*", "*a", "a*b", "*a*b*", "a\\*b", "**", "*\\**", "a", "*b", "é*", "*\\u{301}", "*c*c"];

    public static readonly string[] Decimals = ["0.0", "1.0", "-1.0", "1.23", "1.2345", "-0.0001", "922337203685477.5807", "-922337203685477.5808", "922337203685477.5808", "1", "1.", ".1", "1.23456", "+1.0", "1.0 ", "", "-", "--1.0", "00001.50", "1e1", "٣.٣", "99999999999999999999.0", "-.5"];

    public static readonly string[] Ips =
    [
        "1.2.3.4", "10.0.0.0/8", "10.1.2.3", "10.1.2.3/32", "127.0.0.1", "127.0.0.1/7", "224.0.0.0/4", "239.1.1.1", "0.0.0.0/0", "::1", "::", "::/0", "ff00::/8", "ffff::1", "fe80::1/64", "1:2:3:4:5:6:7:8", "::1/127", "1:2:3:4:5:6:7::", "a::b:c",
        "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/08", "1.2.3.4/+8", "::1/129", "::1/0128", "::ffff:1.2.3.4", "1::2::3", ":1", "1:", "12345::", "::g", "1.2.3.4/8/8", " 1.2.3.4", "", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "::%eth0", "[::1]",
    ];

    public static readonly string[] Datetimes =
    [
        "1970-01-01", "2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "0000-01-01", "9999-12-31", "1969-12-31T23:59:59.999Z", "2024-01-01T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T23:59:60Z", "2024-01-01T12:34:56.789+0530", "2024-01-01T12:34:56-2359",
        "2024-01-01T12:34:56+2400", "2024-01-01T12:34:56+0060", "2024-01-01T12:34:56", "2024-01-01T12:34:56.7Z", "2024-01-01T12:34:56.7890Z", "2024-01-01T12:34Z", "2024-1-1", "2024-01-01 ", "2024-13-01", "2024-00-01", "2024-01-32", "2024-04-31", "-2024-01-01", "20240101", "", "2024-01-01t00:00:00Z",
        "2024-01-01T00:00:00z", "2024-01-01T00:00:00+05:30", "0000-01-01T00:00:00+2359", "9999-12-31T23:59:59.999-2359", "2024-01-01\n",
    ];

    public static readonly string[] Durations =
    [
        "0ms", "1ms", "-1ms", "1s", "1m", "1h", "1d", "1d2h3m4s5ms", "-1d2h3m4s5ms", "5ms3s", "1d1d", "1ms1", "", "-", "1", "ms", "1x", "+1s", "1.5s", " 1s", "9223372036854775807ms", "9223372036854775808ms", "-9223372036854775808ms", "-9223372036854775809ms",
        "106751991167d", "106751991168d", "-106751991167d7h12m55s808ms", "-106751991167d7h12m55s809ms", "106751991167d7h12m55s807ms", "18446744073709551616s", "1m1ms", "1mms", "00001d", "1D",
    ];

    /// <summary>A value as data, such as a JavaScript number can carry it.</summary>
    public static Value Data(ValueKind kind, Random random) => kind switch
    {
        ValueKind.Boolean => Value.Of(random.Next(2) == 0),
        ValueKind.Long => Value.Of(DataNumbers[random.Next(DataNumbers.Length)]),
        ValueKind.String => Value.Of(Texts[random.Next(Texts.Length)]),
        ValueKind.Decimal => Value.Decimal(random.Next(-20_000, 20_000)),
        ValueKind.IpAddress => IpRange.TryParse(Ips[random.Next(17)], out var range) ? Value.Of(range!) : throw new InvalidOperationException("the first seventeen are well formed"),
        ValueKind.DateTime => Value.DateTime(random.NextInt64(-4_000_000_000_000, 4_000_000_000_000)),
        _ => Value.Duration(random.Next(-100_000_000, 100_000_000)),
    };
}
