using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>Cleans an answer before the run sees it: secrets of the state anywhere in it, and the fields that the table names.</summary>
internal static class AwsCleaner
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The cleaning; null when there is nothing to clean.</summary>
    public static Func<byte[], byte[]>? For(CleanedFields? fields, RunSecrets secrets) => fields is null && !secrets.HasKnown ? null : body => Clean(body, fields, secrets);

    /// <summary>The clean answer. One that is neither JSON nor XML loses what the state knows.</summary>
    public static byte[] Clean(byte[] body, CleanedFields? fields, RunSecrets secrets)
    {
        if (body.Length == 0)
        {
            return body;
        }

        var first = body.AsSpan().TrimStart(" \t\r\n\ufeff"u8);
        if (first.Length > 0 && first[0] is (byte)'{' or (byte)'[')
        {
            try
            {
                var root = JsonNode.Parse(body)!;
                return Walk(root, "", Way.Known, fields, secrets, out var changed) is { } clean && changed ? JsonSerializer.SerializeToUtf8Bytes(clean, Plain) : body;
            }
            catch (JsonException)
            {
                return OfText(body, secrets);
            }
        }

        return first.Length > 0 && first[0] == (byte)'<' ? OfXml(body, fields, secrets) : OfText(body, secrets);
    }

    private static byte[] OfText(byte[] body, RunSecrets secrets) => Encoding.Latin1.GetBytes(secrets.WithoutKnown(Encoding.Latin1.GetString(body)));

    private static byte[] OfXml(byte[] body, CleanedFields? fields, RunSecrets secrets)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var document = XDocument.Load(reader, LoadOptions.PreserveWhitespace);
            var changed = false;
            foreach (var element in document.Descendants().Where(element => !element.HasElements && element.Value.Length > 0))
            {
                var way = element.AncestorsAndSelf().Max(one => WayOf(one.Name.LocalName, fields));
                var clean = Leaf(element.Name.LocalName, element.Value, way, secrets);
                if (clean != element.Value)
                {
                    element.Value = clean;
                    changed = true;
                }
            }

            if (!changed)
            {
                return body;
            }

            using var written = new MemoryStream();
            using (var writer = XmlWriter.Create(written, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
            {
                document.Save(writer);
            }

            return written.ToArray();
        }
        catch (XmlException)
        {
            return OfText(body, secrets);
        }
    }

    private static JsonNode? Walk(JsonNode? node, string name, Way way, CleanedFields? fields, RunSecrets secrets, out bool changed)
    {
        changed = false;
        switch (node)
        {
            case JsonObject map:
                // A name beside a value says what the value is, as in lists of environment variables.
                var named = map["name"] is JsonValue label && label.TryGetValue<string>(out var text) ? text : null;
                foreach (var (key, value) in map.ToArray())
                {
                    var clean = Walk(value, key.Equals("value", StringComparison.OrdinalIgnoreCase) ? named ?? name : key, Worse(way, WayOf(key, fields)), fields, secrets, out var within);
                    if (within)
                    {
                        changed = true;
                        if (!ReferenceEquals(clean, value))
                        {
                            map[key] = clean;
                        }
                    }
                }

                return map;
            case JsonArray list:
                for (var index = 0; index < list.Count; index++)
                {
                    var clean = Walk(list[index], name, way, fields, secrets, out var within);
                    if (within)
                    {
                        changed = true;
                        if (!ReferenceEquals(clean, list[index]))
                        {
                            list[index] = clean;
                        }
                    }
                }

                return list;
            case JsonValue value when value.TryGetValue<string>(out var written):
                var cleaned = Leaf(name, written, way, secrets);
                changed = cleaned != written;
                return changed ? JsonValue.Create(cleaned) : value;
            default:
                return node;
        }
    }

    private static string Leaf(string name, string value, Way way, RunSecrets secrets) => way switch
    {
        Way.Always when !value.StartsWith("arn:", StringComparison.Ordinal) => secrets.Token(value), // An ARN in such a field names where the secret lies.
        Way.Shaped when Decoded(value) is { } inner => secrets.Clean(name, inner) is var clean && clean != inner ? Convert.ToBase64String(Encoding.UTF8.GetBytes(clean)) : value,
        Way.Shaped => secrets.Clean(name, value),
        _ => secrets.WithoutKnown(value),
    };

    // User data comes in base64.
    private static string? Decoded(string value)
    {
        var bytes = new byte[value.Length];
        if (value.Length < 16 || !Convert.TryFromBase64String(value, bytes, out var length))
        {
            return null;
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length) is var text && !text.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t')) ? text : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static Way WayOf(string name, CleanedFields? fields) => fields is null ? Way.Known : fields.Always.Contains(name) ? Way.Always : fields.Shaped.Contains(name) ? Way.Shaped : Way.Known;

    private static Way Worse(Way one, Way other) => one > other ? one : other;

    private enum Way
    {
        Known,
        Shaped,
        Always,
    }
}
