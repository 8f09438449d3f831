using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace McpInfra.Cedar;

/// <summary>An IPv4 or IPv6 address with a prefix length; a single address has the longest.</summary>
public sealed record IpRange
{
    private const int MaximumText = 43;
    private readonly UInt128 address;

    private IpRange(bool isIpv4, UInt128 address, int prefix) => (IsIpv4, this.address, Prefix) = (isIpv4, address, prefix);

    /// <summary>Whether it is IPv4.</summary>
    public bool IsIpv4 { get; }

    /// <summary>Leading bits that the range fixes.</summary>
    public int Prefix { get; }

    /// <summary>Whether all of it is loopback: within 127.0.0.0/8, or ::1.</summary>
    public bool IsLoopback => IsIpv4 ? address >> 24 == 127 && Prefix >= 8 : address == 1 && Prefix == 128;

    /// <summary>Whether all of it is multicast: within 224.0.0.0/4 or ff00::/8.</summary>
    public bool IsMulticast => IsIpv4 ? address >> 28 == 0xE && Prefix >= 4 : address >> 120 == 0xFF && Prefix >= 8;

    private UInt128 Mask => IsIpv4 ? uint.MaxValue : UInt128.MaxValue;

    private UInt128 Host => Prefix == 128 ? 0 : Mask >> Prefix;

    private UInt128 First => address & ~Host;

    private UInt128 Last => address | Host;

    /// <summary>Reads an address with or without `/prefix`; IPv4 inside IPv6 is not taken.</summary>
    public static bool TryParse(string text, out IpRange? range)
    {
        range = null;
        if (text.Length > MaximumText)
        {
            return false;
        }

        var slash = text.IndexOf('/');
        var address = slash < 0 ? text : text[..slash];
        var isIpv4 = address.Contains('.');
        UInt128 bits;
        if (isIpv4 ? !TryIpv4(address, out bits) : !TryIpv6(address, out bits))
        {
            return false;
        }

        var longest = isIpv4 ? 32 : 128;
        var prefix = slash < 0 ? longest : ReadPrefix(text.AsSpan(slash + 1), longest);
        range = prefix < 0 ? null : new(isIpv4, bits, prefix);
        return range is not null;
    }

    /// <summary>Whether every address of this is one of the other's.</summary>
    public bool IsIn(IpRange other) => IsIpv4 == other.IsIpv4 && other.First <= First && Last <= other.Last;

    /// <summary>`address/prefix`.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        var text = new IPAddress(IsIpv4 ? bytes[12..] : bytes).ToString();
        if (!IsIpv4 && text.Contains('.'))
        {
            // The platform writes some IPv6 addresses with an IPv4 one inside, which the language does not read.
            text = string.Join(':', Enumerable.Range(0, 8).Select(group => ((ushort)(address >> (112 - (16 * group)))).ToString("x", CultureInfo.InvariantCulture)));
        }

        return string.Create(CultureInfo.InvariantCulture, $"{text}/{Prefix}");
    }

    private static int ReadPrefix(ReadOnlySpan<char> text, int longest) =>
        text.Length is >= 1 and <= 3 && text.Length <= (longest == 32 ? 2 : 3) && (text[0] != '0' || text.Length == 1)
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var prefix) && prefix <= longest
            ? prefix
            : -1;

    private static bool TryIpv4(ReadOnlySpan<char> text, out UInt128 bits)
    {
        bits = 0;
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (++parts > 4 || part.Length is < 1 or > 3 || (part[0] == '0' && part.Length > 1) || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var octet))
            {
                return false;
            }

            bits = (bits << 8) | octet;
        }

        return parts == 4;
    }

    private static bool TryIpv6(ReadOnlySpan<char> text, out UInt128 bits)
    {
        bits = 0;
        var gap = text.IndexOf("::");
        if (gap < 0)
        {
            return TryGroups(text, out bits, out var all) && all == 8;
        }

        if (!TryGroups(text[..gap], out var head, out var before) || !TryGroups(text[(gap + 2)..], out var tail, out var after) || before + after > 7)
        {
            return false;
        }

        bits = (before == 0 ? 0 : head << (16 * (8 - before))) | tail;
        return true;
    }

    private static bool TryGroups(ReadOnlySpan<char> text, out UInt128 bits, out int count)
    {
        (bits, count) = (0, 0);
        if (text.IsEmpty)
        {
            return true;
        }

        foreach (var range in text.Split(':'))
        {
            var group = text[range];
            if (++count > 8 || group.Length is < 1 or > 4 || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            bits = (bits << 16) | number;
        }

        return true;
    }
}
