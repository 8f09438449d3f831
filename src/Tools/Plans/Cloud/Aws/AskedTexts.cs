using System.Formats.Cbor;
using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>Every value by which a request can name something: in its path, host, query, fields and body, whatever form the body has.</summary>
internal static class AskedTexts
{
    private const int MostDepth = 64;

    /// <summary>The values, decoded; null when the body has no form that AWS would read.</summary>
    public static IReadOnlyList<string>? Of(GateRequest request, PresentedSignature signature, byte[] body)
    {
        var texts = new List<string> { PercentText.Decode(request.Path) ?? "", request.Endpoint.Host.Split('.')[0] };
        texts.AddRange(signature.Query.Select(pair => pair.Value));
        texts.AddRange(request.Fields.Where(field => AwsSigner.Forwards(field.Name)).Select(field => field.Value));
        return body.Length == 0 ? texts
            : request.One("Content-Type") is { } type && type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) ? With(texts, PercentText.Pairs(Encoding.Latin1.GetString(body), form: true)?.Select(pair => pair.Value))
            : With(texts, OfJson(body) ?? OfXml(body) ?? OfCbor(body));
    }

    private static List<string>? With(List<string> texts, IEnumerable<string>? more) => more is null ? null : [.. texts, .. more];

    private static List<string>? OfJson(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return [.. Strings(document.RootElement)];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Number => [element.GetRawText()],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Strings(property.Value).Prepend(property.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        _ => [],
    };

    private static List<string>? OfXml(byte[] body)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return [.. XDocument.Load(reader).Descendants().SelectMany(element => element.Attributes().Select(attribute => attribute.Value).Append(element.Value))];
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static List<string>? OfCbor(byte[] body)
    {
        try
        {
            var reader = new CborReader(body, CborConformanceMode.Lax);
            var texts = new List<string>();
            while (reader.PeekState() is var state and not CborReaderState.Finished)
            {
                if (state is CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString)
                {
                    texts.Add(reader.ReadTextString());
                }
                else if (!Step(reader, state))
                {
                    return null;
                }
            }

            return texts;
        }
        catch (Exception exception) when (exception is CborContentException or InvalidOperationException or OverflowException)
        {
            return null;
        }
    }

    // Byte strings carry data and name nothing; whole numbers as accounts are no form of CBOR that AWS takes.
    private static bool Step(CborReader reader, CborReaderState state)
    {
        switch (state)
        {
            case CborReaderState.StartMap:
                reader.ReadStartMap();
                return reader.CurrentDepth <= MostDepth;
            case CborReaderState.EndMap:
                reader.ReadEndMap();
                return true;
            case CborReaderState.StartArray:
                reader.ReadStartArray();
                return reader.CurrentDepth <= MostDepth;
            case CborReaderState.EndArray:
                reader.ReadEndArray();
                return true;
            case CborReaderState.Tag:
                reader.ReadTag();
                return true;
            default:
                reader.SkipValue();
                return true;
        }
    }
}
