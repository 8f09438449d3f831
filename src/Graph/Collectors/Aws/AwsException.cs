using System.Text.RegularExpressions;
using Amazon.Runtime;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>What kept AWS from answering, by error code and HTTP status; never with a word of what the service wrote.</summary>
internal sealed partial class AwsException(CloudFault fault, string code, int? status = null, Exception? inner = null) : CloudException(fault, code, inner)
{
    public int? Status { get; } = status;

    /// <summary>The fault behind any exception of the SDK or of our own client; null for one that is neither.</summary>
    public static AwsException? Of(Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case AwsException ours:
                    return ours;
                case EndlessListingException endless:
                    return new AwsException(CloudFault.Endless, endless.Message, inner: endless);
                case AmazonServiceException { StatusCode: > 0 } answered when e is not AmazonUnmarshallingException:
                    return Answered(answered.ErrorCode, (int)answered.StatusCode);
                case AmazonUnmarshallingException or System.Xml.XmlException or System.Text.Json.JsonException:
                    return new AwsException(CloudFault.Garbage, "answer cannot be parsed", inner: e);
                case HttpRequestException or System.Net.Sockets.SocketException or IOException:
                    return new AwsException(CloudFault.Unreachable, "no answer", inner: e);
            }
        }

        return error is AmazonClientException ? new AwsException(CloudFault.Other, "client error", inner: error) : null;
    }

    /// <summary>The fault of an error answer.</summary>
    public static AwsException Answered(string? code, int status)
    {
        var name = CodeForm().Match(code ?? "") is { Success: true } match ? match.Value : $"HTTP {status}";
        return new AwsException(AwsErrorCodes.FaultOf(name, status), name, status);
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9.:]{0,63}$")]
    private static partial Regex CodeForm();
}
