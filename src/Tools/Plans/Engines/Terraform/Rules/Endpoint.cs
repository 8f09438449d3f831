using System.Globalization;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>The host and port of an endpoint, read from its text alone: two readers of an odd address may differ, so an odd one is none.</summary>
internal sealed record Endpoint(string Host, int Port)
{
    /// <summary>The endpoint of an address like `http://host:port/`, or null.</summary>
    public static Endpoint? Of(string address)
    {
        var secure = address.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!secure && !address.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var rest = address[(secure ? 8 : 7)..];
        var end = rest.AsSpan().IndexOfAny('/', '?', '#');
        return Authority(end < 0 ? rest : rest[..end], secure ? 443 : 80);
    }

    /// <summary>Whether the stack's egress has the address; one without `http://`, whose port code may set elsewhere, by its host.</summary>
    public static bool IsAllowed(string address, IEnumerable<string> egress)
    {
        var listed = egress.Select(one => Authority(one, 443));
        return address.Contains("://", StringComparison.Ordinal)
            ? Of(address) is { } endpoint && listed.Contains(endpoint)
            : Authority(address, 0) is { } bare && listed.Any(one => one?.Host == bare.Host && (bare.Port == 0 || bare.Port == one.Port));
    }

    private static Endpoint? Authority(string text, int port)
    {
        var colon = text.LastIndexOf(':');
        var host = (colon < 0 || text.EndsWith(']') ? text : text[..colon]).ToLowerInvariant();
        var hasPort = host.Length < text.Length;
        var isPort = hasPort && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port);
        var isHost = host.StartsWith('[') && host.EndsWith(']')
            ? host.Skip(1).SkipLast(1).All(letter => char.IsAsciiHexDigitLower(letter) || letter is ':' or '.')
            : host.Length > 0 && host.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_');
        return isHost && (isPort || !hasPort) ? new(host, port) : null;
    }
}
