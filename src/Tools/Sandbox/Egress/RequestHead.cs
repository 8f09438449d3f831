using System.Globalization;
using System.Text;

namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>The head of a proxy request, read strictly: CONNECT host:port, or a method and an absolute http URL with the matching Host.</summary>
internal sealed record RequestHead(Endpoint Endpoint, bool IsTunnel, byte[] Forward, BodyForm Body, long Length)
{
    private const int MostHead = 64 << 10;

    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Proxy-Connection", "Keep-Alive", "Proxy-Authorization", "Proxy-Authenticate", "TE", "Trailer", "Upgrade",
    };

    /// <summary>The bytes up to the empty line; null at the end of the stream.</summary>
    public static async Task<string?> ReadAsync(BufferedReader reader, CancellationToken stop)
    {
        var head = new StringBuilder();
        while (true)
        {
            var line = await reader.LineAsync(MostHead - head.Length, stop);
            if (line is null)
            {
                return head.Length == 0 ? null : throw new InvalidDataException();
            }

            if (line.Length == 0)
            {
                return head.ToString();
            }

            head.Append(line).Append("\r\n");
        }
    }

    /// <summary>The head's meaning; null when it is anything else.</summary>
    public static RequestHead? Parse(string head)
    {
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || lines[0].Split(' ') is not [var method, var target, "HTTP/1.1" or "HTTP/1.0"] || !method.All(char.IsAsciiLetterUpper))
        {
            return null;
        }

        var headers = new List<(string Name, string Value)>();
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line[..colon].Any(letter => letter is <= ' ' or > '~') || line.Any(letter => char.IsControl(letter) && letter != '\t'))
            {
                return null;
            }

            headers.Add((line[..colon], line[(colon + 1)..].Trim()));
        }

        return method == "CONNECT"
            ? Endpoint.TryParse(target, out var tunnel) ? new RequestHead(tunnel, true, [], BodyForm.None, 0) : null
            : Plain(method, target, headers);
    }

    private static RequestHead? Plain(string method, string target, List<(string Name, string Value)> headers)
    {
        const string scheme = "http://";
        if (!target.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var slash = target.IndexOfAny(['/', '?'], scheme.Length);
        var authority = slash < 0 ? target[scheme.Length..] : target[scheme.Length..slash];
        var path = slash < 0 ? "/" : target[slash] == '?' ? "/" + target[slash..] : target[slash..];
        if (!Endpoint.TryParse(authority, out var endpoint) && !Endpoint.TryParse(authority + ":80", out endpoint))
        {
            return null;
        }

        var form = Form(headers, out var length);
        if (form is null)
        {
            return null;
        }

        // The Host that goes out is the one that was checked, whatever came.
        var forward = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: {(endpoint.Port == 80 ? endpoint.ToString()[..^3] : endpoint.ToString())}\r\nConnection: close\r\n");
        foreach (var (name, value) in headers.Where(header => !HopByHop.Contains(header.Name) && !header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase)))
        {
            forward.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return new RequestHead(endpoint, false, Encoding.Latin1.GetBytes(forward.Append("\r\n").ToString()), form.Value, length);
    }

    private static BodyForm? Form(List<(string Name, string Value)> headers, out long length)
    {
        length = 0;
        var encodings = headers.Where(header => header.Name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)).ToList();
        var lengths = headers.Where(header => header.Name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)).ToList();
        return (encodings, lengths) switch
        {
            ([], []) => BodyForm.None,
            ([], [var only]) => long.TryParse(only.Value, NumberStyles.None, CultureInfo.InvariantCulture, out length) ? BodyForm.Sized : null,
            ([var only], []) => only.Value.Equals("chunked", StringComparison.OrdinalIgnoreCase) ? BodyForm.Chunked : null,
            _ => null, // Two lengths are two requests to somebody.
        };
    }
}

/// <summary>How long a request's body is.</summary>
internal enum BodyForm
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>As Content-Length says.</summary>
    Sized,

    /// <summary>In chunks.</summary>
    Chunked,
}
