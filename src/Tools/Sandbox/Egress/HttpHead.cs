using System.Globalization;
using System.Text;

namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>A request's head, read strictly: what two readers could read in two ways is none.</summary>
internal sealed record HttpHead(string Method, string Target, string Version, IReadOnlyList<HttpField> Fields)
{
    private const int MostHead = 64 << 10;

    private static readonly HashSet<string> OfConnection = new(StringComparer.OrdinalIgnoreCase)
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

    /// <summary>The head's parts; null when it is none.</summary>
    public static HttpHead? Parse(string head)
    {
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0 || lines[0].Split(' ') is not [var method, var target, var version] || method.Length == 0 || !method.All(char.IsAsciiLetterUpper))
        {
            return null;
        }

        var fields = new List<HttpField>();
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line[..colon].Any(letter => letter is <= ' ' or > '~') || line.Any(letter => char.IsControl(letter) && letter != '\t'))
            {
                return null;
            }

            fields.Add(new HttpField(line[..colon], line[(colon + 1)..].Trim()));
        }

        return new HttpHead(method, target, version, fields);
    }

    /// <summary>Whether the field belongs to one connection and never goes further.</summary>
    public static bool IsOfConnection(string name) => OfConnection.Contains(name);

    /// <summary>How long the body is; null when that could be read in two ways.</summary>
    public BodyForm? Form(out long length)
    {
        length = 0;
        var encodings = All("Transfer-Encoding");
        var lengths = All("Content-Length");
        return (encodings, lengths) switch
        {
            ([], []) => BodyForm.None,
            ([], [var only]) => long.TryParse(only, NumberStyles.None, CultureInfo.InvariantCulture, out length) ? BodyForm.Sized : null,
            ([var only], []) => only.Equals("chunked", StringComparison.OrdinalIgnoreCase) ? BodyForm.Chunked : null,
            _ => null, // Two lengths are two requests to somebody.
        };
    }

    /// <summary>The values of a field.</summary>
    public IReadOnlyList<string> All(string name) => [.. Fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value)];
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
