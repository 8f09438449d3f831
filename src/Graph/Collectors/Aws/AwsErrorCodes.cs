using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Error codes of AWS's protocols, as the services document them.</summary>
internal static partial class AwsErrorCodes
{
    private static readonly FrozenSet<string> Credentials = FrozenSet.ToFrozenSet(
    [
        "ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId",
        "SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature", "AuthFailure", "MissingAuthenticationToken",
        "MissingAuthenticationTokenException", "InvalidToken", "OptInRequired", "TokenRefreshRequired",
        "RequestTimeTooSkewed", "InvalidSignature",
    ]);

    private static readonly FrozenSet<string> Throttled = FrozenSet.ToFrozenSet(
    [
        "Throttling", "ThrottlingException", "ThrottledException", "Throttled", "RequestThrottled", "RequestThrottledException",
        "TooManyRequestsException", "TooManyRequests", "RequestLimitExceeded", "BandwidthLimitExceeded", "SlowDown",
        "ProvisionedThroughputExceededException", "PriorRequestNotComplete", "EC2ThrottledException", "RequestRateTooLarge",
    ]);

    public static CloudFault FaultOf(string code, int status) => code switch
    {
        _ when Throttled.Contains(code) => CloudFault.Throttled,
        _ when Credentials.Contains(code) => CloudFault.Credentials,
        _ when code.StartsWith("AccessDenied", StringComparison.Ordinal) || code is "UnauthorizedOperation" or "AuthorizationError" => CloudFault.Denied,
        _ => status switch
        {
            429 => CloudFault.Throttled,
            401 => CloudFault.Credentials,
            403 => CloudFault.Denied,
            404 => CloudFault.Missing,
            >= 500 => CloudFault.Unavailable,
            _ => CloudFault.Other,
        },
    };

    /// <summary>The error code in an error answer's header or body, XML or JSON; null when there is none.</summary>
    public static string? Read(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        if (response.Headers.TryGetValues("x-amzn-errortype", out var types) && types.FirstOrDefault() is { } type)
        {
            return type.Split(':', '#')[0];
        }

        var match = InBody().Match(Encoding.UTF8.GetString(body));
        return match.Success ? match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value : null;
    }

    [GeneratedRegex("""<Code>([A-Za-z0-9.]{1,64})</Code>|"(?:__type|code)"\s*:\s*"(?:[^"#]{0,200}#)?([A-Za-z0-9.]{1,64})""", RegexOptions.None, 1000)]
    private static partial Regex InBody();
}
