using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors.Oci;

/// <summary>Signs requests with a user's key: version 1 of Oracle's signatures, RSA-SHA256 over request target, date and host, and over the body where there is one.</summary>
internal sealed class OciSigner(ISourceSecrets secrets, SourceSettings source, AccountSettings account, TimeProvider time) : IRequestSigner
{
    public async ValueTask SignAsync(HttpRequestMessage request, CancellationToken stop)
    {
        var secret = await secrets.OfAsync(source, account, stop);
        var headers = new List<(string Name, string Value)>
        {
            ("(request-target)", $"{request.Method.Method.ToLowerInvariant()} {request.RequestUri!.PathAndQuery}"),
            ("date", time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture)),
            ("host", request.RequestUri.Authority),
        };
        if (request.Content is { } content)
        {
            var body = await content.ReadAsByteArrayAsync(stop);
            var hash = Convert.ToBase64String(SHA256.HashData(body));
            request.Headers.TryAddWithoutValidation("x-content-sha256", hash);
            headers.AddRange([("content-length", body.Length.ToString(CultureInfo.InvariantCulture)), ("content-type", content.Headers.ContentType!.ToString()), ("x-content-sha256", hash)]);
        }

        request.Headers.TryAddWithoutValidation("date", headers[1].Value);
        request.Headers.TryAddWithoutValidation("Authorization",
            $"Signature version=\"1\",keyId=\"{secret.KeyId}\",algorithm=\"rsa-sha256\",headers=\"{string.Join(' ', headers.Select(header => header.Name))}\",signature=\"{Sign(secret, headers)}\"");
    }

    private string Sign(SourceSecret secret, List<(string Name, string Value)> headers)
    {
        try
        {
            using var key = RSA.Create();
            key.ImportFromPem(secret.Reveal());
            return Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(string.Join('\n', headers.Select(header => $"{header.Name}: {header.Value}"))), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new SourceException($"Source {source.Name}: the key of the OCI credential is no RSA key in PEM without a passphrase.", error);
        }
    }
}
