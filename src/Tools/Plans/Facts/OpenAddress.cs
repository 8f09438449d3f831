using System.Net;
using System.Net.Sockets;

namespace McpInfra.Tools.Plans.Facts;

/// <summary>Ranges of addresses that are as good as anybody: all of them, or so large a part that a few make the whole.</summary>
internal static class OpenAddress
{
    private const int ShortestOfFour = 8;
    private const int ShortestOfSix = 16;
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase) { "*", "any", "internet", "<nw>/0", "allusers", "allauthenticatedusers" };

    /// <summary>Whether it is one: `0.0.0.0/0`, `::/0`, `0.0.0.0/1`, `*`, `Internet`.</summary>
    public static bool Is(string text)
    {
        if (Words.Contains(text))
        {
            return true;
        }

        if (text.Split('/') is not [var start, var length] || !IPAddress.TryParse(start, out var address) || !int.TryParse(length, out var bits))
        {
            return false;
        }

        return address.AddressFamily is AddressFamily.InterNetwork ? bits < ShortestOfFour : bits < ShortestOfSix && !IsLocal(address);
    }

    private static bool IsLocal(IPAddress address) => (address.GetAddressBytes()[0] & 0xFE) == 0xFC;
}
