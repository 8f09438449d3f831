using System.Text;
using System.Web;
using System.Xml;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Reads an answer whole, up to a size, and refuses one that the asked service cannot have written.</summary>
internal static class AnswerBody
{
    private static readonly HttpRequestOptionsKey<CloudFault> FaultKey = new("mcp-infra/fault");

    private const string Buckets = "ListAllMyBucketsResult";

    private static readonly HashSet<string> BucketRoots = new(StringComparer.Ordinal)
    {
        "LocationConstraint", "ServerSideEncryptionConfiguration", "VersioningConfiguration",
        "PublicAccessBlockConfiguration", "PolicyStatus", "Tagging",
        "GetBucketVersioningResponse", "ListBucketResult", // What moto writes for the versioning, and for a policy status, which it does not know.
    };

    /// <summary>What an error answer that was read says; <see cref="CloudFault.Other"/> for one that is no error.</summary>
    public static CloudFault Fault(HttpResponseMessage response) =>
        response.RequestMessage is { } request && request.Options.TryGetValue(FaultKey, out var fault) ? fault : CloudFault.Other;

    /// <summary>Replaces the answer's content by its bytes.</summary>
    /// <exception cref="AwsException">The answer is too large, or is not one of the service.</exception>
    public static async Task HoldAsync(HttpRequestMessage request, HttpResponseMessage response, CollectorLimits limits, CancellationToken stop)
    {
        var cap = response.IsSuccessStatusCode ? limits.AnswerBytes : limits.ErrorBytes;
        var body = await AnswerBytes.ReadAsync(response.Content, cap, stop).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            await VerifyAsync(request, body ?? throw new AwsException(CloudFault.TooLarge, $"an answer of more than {cap >> 20} MiB"), stop).ConfigureAwait(false);
            request.Options.Set(FaultKey, CloudFault.Other);
        }
        else
        {
            var code = body is null ? null : AwsErrorCodes.Read(response, body);
            request.Options.Set(FaultKey, AwsException.Answered(code, (int)response.StatusCode).Fault);
        }

        var held = new ByteArrayContent(body ?? []);
        foreach (var header in response.Content.Headers.Where(h => body is not null || h.Key != "Content-Length"))
        {
            held.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        response.Content.Dispose();
        response.Content = held;
        response.RequestMessage = request;
    }

    // The SDK reads an unknown page of markup, and one without a list, as an empty listing, and an empty listing would remove everything.
    private static async Task VerifyAsync(HttpRequestMessage request, byte[] body, CancellationToken stop)
    {
        var form = request.Content?.Headers.ContentType?.MediaType == "application/x-www-form-urlencoded";
        var good = form
            ? Root(body, IsResult) == HttpUtility.ParseQueryString(await request.Content!.ReadAsStringAsync(stop).ConfigureAwait(false))["Action"] + "Response"
            : request.Method == HttpMethod.Get && !request.Headers.Accept.Any(a => a.MediaType == "application/json")
                ? Root(body, null) is { } root && (root == Buckets ? Root(body, name => name == "Buckets") is not null : BucketRoots.Contains(root))
                : body.AsSpan().TrimStart(" \r\n\t"u8) is [(byte)'{', ..];
        if (!good)
        {
            throw new AwsException(CloudFault.Garbage, "an answer that is not one of this service");
        }
    }

    // EC2 answers `…Set` or `…Info`, the other services `…Result`.
    private static bool IsResult(string name) => name.EndsWith("Set", StringComparison.Ordinal) || name.EndsWith("Info", StringComparison.Ordinal) || name.EndsWith("Result", StringComparison.Ordinal);

    /// <summary>The name of the outermost element; null when it is none, or holds no element that is wanted.</summary>
    private static string? Root(byte[] body, Func<string, bool>? wanted)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body), AwsXml.Settings);
            if (reader.MoveToContent() != XmlNodeType.Element)
            {
                return null;
            }

            var root = reader.LocalName;
            reader.Read();
            while (wanted is not null && !(reader.NodeType is XmlNodeType.Element && wanted(reader.LocalName)))
            {
                if (reader.EOF)
                {
                    return null;
                }

                reader.Skip();
            }

            return root;
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
