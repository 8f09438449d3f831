using System.Globalization;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>The signature that a request carries, in its header or its query, read strictly and not yet believed.</summary>
/// <param name="KeyId">Access key id.</param>
/// <param name="Scope">What it is good for.</param>
/// <param name="Signed">Names of the signed fields, in lower case.</param>
/// <param name="Signature">Hexadecimal.</param>
/// <param name="Time">When it was made, as written.</param>
/// <param name="Made">The same.</param>
/// <param name="Expires">How long it is good for; null where the header carries it.</param>
/// <param name="Token">Session token; null for none.</param>
/// <param name="Query">The query without what carries the signature, decoded.</param>
/// <param name="SignedQuery">The query that is signed, decoded.</param>
internal sealed record PresentedSignature(
    string KeyId, SigningScope Scope, IReadOnlyList<string> Signed, string Signature, string Time, DateTimeOffset Made, TimeSpan? Expires, string? Token,
    IReadOnlyList<KeyValuePair<string, string>> Query, IReadOnlyList<KeyValuePair<string, string>> SignedQuery)
{
    private const int MostSigned = 100;
    private const int MostName = 64;

    private static readonly HashSet<string> OfQuery = new(StringComparer.OrdinalIgnoreCase)
    {
        "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature", "X-Amz-Security-Token",
    };

    /// <summary>Whether the query carries the signature.</summary>
    public bool IsPresigned => Expires is not null;

    /// <summary>The signature, or why there is none that counts.</summary>
    public static (PresentedSignature? Read, string Fault) Of(GateRequest request)
    {
        if (PercentText.Pairs(request.Query, form: false) is not { } query)
        {
            return (null, "the request's query is malformed");
        }

        var authorization = request.All("Authorization").ToList();
        var inQuery = query.Any(pair => OfQuery.Contains(pair.Key));
        return (authorization, inQuery) switch
        {
            ([], false) => (null, "the request is not signed"),
            ([var header], false) => OfHeader(request, header, query),
            ([], true) => OfPresigned(query),
            _ => (null, "the request carries more than one signature"),
        };
    }

    private static (PresentedSignature? Read, string Fault) OfHeader(GateRequest request, string header, IReadOnlyList<KeyValuePair<string, string>> query)
    {
        if (!header.StartsWith(SignatureV4.Algorithm + " ", StringComparison.Ordinal))
        {
            return (null, Unknown(header.Split(' ')[0]));
        }

        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in header[SignatureV4.Algorithm.Length..].Split(','))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !parts.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim()))
            {
                return (null, "the request's signature is malformed");
            }
        }

        return parts.Count == 3 && parts.TryGetValue("Credential", out var credential) && parts.TryGetValue("SignedHeaders", out var signed) && parts.TryGetValue("Signature", out var signature)
            && request.One("X-Amz-Date") is { } time && request.All("X-Amz-Security-Token").ToList() is { Count: <= 1 } tokens
            ? Read(credential, signed, signature, time, null, tokens.FirstOrDefault(), query, query)
            : (null, "the request's signature is malformed");
    }

    private static (PresentedSignature? Read, string Fault) OfPresigned(IReadOnlyList<KeyValuePair<string, string>> query)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in query.Where(pair => OfQuery.Contains(pair.Key)))
        {
            if (!parts.TryAdd(name, value))
            {
                return (null, "the request's signature is malformed");
            }
        }

        if (parts.GetValueOrDefault("X-Amz-Algorithm") is var algorithm && algorithm != SignatureV4.Algorithm)
        {
            return (null, Unknown(algorithm ?? ""));
        }

        return parts.TryGetValue("X-Amz-Credential", out var credential) && parts.TryGetValue("X-Amz-SignedHeaders", out var signed) && parts.TryGetValue("X-Amz-Signature", out var signature)
            && parts.TryGetValue("X-Amz-Date", out var time) && int.TryParse(parts.GetValueOrDefault("X-Amz-Expires"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 604_800
            ? Read(credential, signed, signature, time, TimeSpan.FromSeconds(seconds), parts.GetValueOrDefault("X-Amz-Security-Token"),
                [.. query.Where(pair => !OfQuery.Contains(pair.Key))], [.. query.Where(pair => pair.Key != "X-Amz-Signature")])
            : (null, "the request's signature is malformed");
    }

    private static (PresentedSignature? Read, string Fault) Read(
        string credential, string signed, string signature, string time, TimeSpan? expires, string? token, IReadOnlyList<KeyValuePair<string, string>> query, IReadOnlyList<KeyValuePair<string, string>> signedQuery)
    {
        var names = signed.Split(';');
        return credential.Split('/') is [{ Length: > 0 and <= 128 } key, var date, var region, var service, SignatureV4.Terminator] && IsName(region) && IsName(service)
            && date.Length == 8 && date.All(char.IsAsciiDigit) && time.StartsWith(date + "T", StringComparison.Ordinal)
            && DateTimeOffset.TryParseExact(time, SignatureV4.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var made)
            && names.Length <= MostSigned && names.All(name => name.Length > 0 && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_'))
            && names.Distinct(StringComparer.Ordinal).Count() == names.Length && names.Contains("host")
            && signature.Length == 64 && signature.All(char.IsAsciiHexDigitLower)
            ? (new PresentedSignature(key, new(date, region, service), names, signature, time, made, expires, token, query, signedQuery), "")
            : (null, "the request's signature is malformed");
    }

    private static bool IsName(string text) => text.Length is > 0 and <= MostName && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    private static string Unknown(string algorithm) => algorithm switch
    {
        "AWS4-ECDSA-P256-SHA256" => "the request is signed with Signature Version 4A, which is not taken here",
        "Bearer" => "the request carries a bearer token instead of a signature",
        "AWS" => "the request is signed with Signature Version 2, which is not taken here",
        _ => "the request is not signed with Signature Version 4",
    };
}
