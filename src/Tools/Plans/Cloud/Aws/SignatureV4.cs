using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>Signature Version 4, computed. Source: AWS, "Create a signed AWS API request".</summary>
internal static class SignatureV4
{
    public const string Algorithm = "AWS4-HMAC-SHA256";
    public const string Terminator = "aws4_request";
    public const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    /// <summary>SHA-256 of nothing.</summary>
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>How times are written.</summary>
    public const string TimeFormat = "yyyyMMdd'T'HHmmss'Z'";

    // These take the path as it is sent; every other service encodes it once more.
    private static readonly HashSet<string> PathAsSent = ["s3", "s3express", "s3-object-lambda", "s3-outposts"];

    /// <summary>The signature of a request's canonical form.</summary>
    public static string Of(string canonical, SigningScope scope, string time, string secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Key(scope, secret), Encoding.ASCII.GetBytes($"{Algorithm}\n{time}\n{scope}\n{HashOf(Encoding.Latin1.GetBytes(canonical))}")));

    /// <summary>The signature of one chunk or trailer of a body in aws-chunked form.</summary>
    public static string OfText(string text, SigningScope scope, string secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Key(scope, secret), Encoding.ASCII.GetBytes(text)));

    /// <summary>A request's canonical form.</summary>
    /// <param name="service">The scope's service: S3's path is taken as sent.</param>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">As sent.</param>
    /// <param name="query">Decoded; what carries the signature itself left out.</param>
    /// <param name="signed">Names of the signed fields, in lower case, in order.</param>
    /// <param name="fields">All fields, `host` among them.</param>
    /// <param name="payload">The body's hash or what stands for it.</param>
    public static string Canonical(
        string service, string method, string path, IEnumerable<KeyValuePair<string, string>> query, IReadOnlyList<string> signed, IReadOnlyList<HttpField> fields, string payload)
    {
        var text = new StringBuilder(method).Append('\n')
            .Append(PathAsSent.Contains(service) ? path : PercentText.Encode(path, keepSlash: true)).Append('\n')
            .Append(Query(query)).Append('\n');
        foreach (var name in signed)
        {
            text.Append(name).Append(':').AppendJoin(',', fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => OneSpaced(field.Value))).Append('\n');
        }

        return text.Append('\n').AppendJoin(';', signed).Append('\n').Append(payload).ToString();
    }

    /// <summary>A query in canonical form: encoded, ordered by name and value.</summary>
    public static string Query(IEnumerable<KeyValuePair<string, string>> query) => string.Join('&', query
        .Select(pair => (Name: PercentText.Encode(pair.Key), Value: PercentText.Encode(pair.Value)))
        .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
        .Select(pair => $"{pair.Name}={pair.Value}"));

    /// <summary>SHA-256, hexadecimal.</summary>
    public static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>A time as signatures write it.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static byte[] Key(SigningScope scope, string secret)
    {
        var key = HMACSHA256.HashData(Encoding.UTF8.GetBytes("AWS4" + secret), Encoding.ASCII.GetBytes(scope.Date));
        key = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(scope.Region));
        key = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(scope.Service));
        return HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(Terminator));
    }

    private static string OneSpaced(string value)
    {
        if (!value.Contains("  ", StringComparison.Ordinal))
        {
            return value;
        }

        return string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}

/// <summary>What a signature is good for.</summary>
/// <param name="Date">Day, as `20261122`.</param>
/// <param name="Region">Such as `us-east-1`.</param>
/// <param name="Service">Signing name, such as `ec2`.</param>
internal sealed record SigningScope(string Date, string Region, string Service)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Date}/{Region}/{Service}/{SignatureV4.Terminator}";
}
