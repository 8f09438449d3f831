using System.Text;

namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>The head of a proxy request, read strictly: CONNECT host:port, or a method and an absolute http URL with the matching Host.</summary>
/// <param name="Endpoint">Where it goes.</param>
/// <param name="IsTunnel">Whether it is CONNECT.</param>
/// <param name="Forward">The head that goes out; empty for a tunnel.</param>
/// <param name="Body">How long its body is.</param>
/// <param name="Length">As Content-Length says.</param>
/// <param name="Plain">The request in origin form; null for a tunnel.</param>
internal sealed record RequestHead(Endpoint Endpoint, bool IsTunnel, byte[] Forward, BodyForm Body, long Length, HttpHead? Plain = null)
{
    /// <summary>The head's meaning; null when it is anything else.</summary>
    public static RequestHead? Parse(string text) =>
        HttpHead.Parse(text) is not { Version: "HTTP/1.1" or "HTTP/1.0" } head ? null
        : head.Method != "CONNECT" ? OfPlain(head)
        : Endpoint.TryParse(head.Target, out var tunnel) ? new RequestHead(tunnel, true, [], BodyForm.None, 0)
        : null;

    private static RequestHead? OfPlain(HttpHead head)
    {
        const string scheme = "http://";
        var target = head.Target;
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

        if (head.Form(out var length) is not { } form)
        {
            return null;
        }

        // The Host that goes out is the one that was checked, whatever came.
        var forward = new StringBuilder($"{head.Method} {path} HTTP/1.1\r\nHost: {(endpoint.Port == 80 ? endpoint.ToString()[..^3] : endpoint.ToString())}\r\nConnection: close\r\n");
        foreach (var (name, value) in head.Fields.Where(field => !HttpHead.IsOfConnection(field.Name) && !field.Name.Equals("Host", StringComparison.OrdinalIgnoreCase)))
        {
            forward.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return new RequestHead(endpoint, false, Encoding.Latin1.GetBytes(forward.Append("\r\n").ToString()), form, length, head with { Target = path });
    }
}
