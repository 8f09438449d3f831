using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>A host and a port, in the one spelling that is compared: lower case, no trailing dot, addresses only in their canonical form.</summary>
/// <param name="Host">Name or address, without brackets.</param>
/// <param name="Port">1 to 65535.</param>
public sealed partial record Endpoint(string Host, int Port)
{
    /// <summary>Reads `host:port`.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Endpoint? endpoint)
    {
        endpoint = null;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
        {
            return false;
        }

        var host = text[..colon];
        var bracketed = host is ['[', .., ']'];
        host = (bracketed ? host[1..^1] : host).ToLowerInvariant().TrimEnd('.');
        if (IPAddress.TryParse(host, out var address))
        {
            // 2130706433, 0x7f.1 and 017700000001 are addresses too; only the plain spelling counts.
            if (address.ToString() != host || (address.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6) != bracketed)
            {
                return false;
            }
        }
        else if (bracketed || host.Length > 253 || !Name().IsMatch(host))
        {
            return false;
        }

        endpoint = new Endpoint(host, port);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    [GeneratedRegex(@"^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
