using System.Security.Cryptography;
using McpInfra.Guardrails.Redaction;
using Xunit;

namespace McpInfra.Guardrails.Tests.Redaction;

/// <summary>Secrets that are split over lines or over strings that code joins. In two halves, so that no scanner of repositories takes a test for a leak.</summary>
public sealed class Secrets_in_pieces
{
    private const string Token = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a";
    private const string Invented = "acme_live_" + "51Hx8aKqL2mN9pQrStUvWxYz0123";
    private const string Value = "q8Zx3Lm7Vn2Tw9Rk5YpJ4sHd";

    private static string? Masked(string text) => SecretScanner.Find(text) is [var span] ? text[span.Start..span.End] : null;

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n    ")]
    [InlineData("\\\n")]
    [InlineData("\\n")]
    [InlineData("\\\\n  ")]
    [InlineData("\n# ")]
    [InlineData("\n> ")]
    [InlineData("\" + \"")]
    [InlineData("' .\n    '")]
    [InlineData("\" \\\n  \"")]
    [InlineData("\\\" + \\\"")]
    public void A_token_that_is_folded_is_masked_whole(string fold)
    {
        foreach (var at in Enumerable.Range(8, 20))
        {
            var folded = Token.Insert(at, fold);
            Assert.Equal(folded, Masked($"see {folded}"));
        }

        Assert.Equal(Invented.Insert(20, fold), Masked($"token: {Invented.Insert(20, fold)}"));
    }

    [Fact]
    public void A_token_over_many_lines_is_masked_whole()
    {
        var text = "curl -H \"X: " + string.Join("\\\n", Token.Chunk(7).Select(piece => new string(piece))) + "\" https://api.example.com";
        Assert.Equal(text["curl -H \"X: ".Length..text.IndexOf("\" https", StringComparison.Ordinal)], Masked(text));
    }

    [Theory]
    [InlineData("password = \"{0}\" + \"{1}\"")]
    [InlineData("client_secret: '{0}' +\n  '{1}'")]
    public void A_value_that_code_joins_is_masked_whole(string form)
    {
        var text = form.Replace("{0}", Value[..11], StringComparison.Ordinal).Replace("{1}", Value[11..], StringComparison.Ordinal);
        var (start, end) = (text.IndexOf(Value[..11], StringComparison.Ordinal), text.IndexOf(Value[11..], StringComparison.Ordinal) + Value.Length - 11);
        Assert.Equal(text[start..end], Masked(text));
    }

    [Theory]
    [InlineData(76)]
    [InlineData(64)]
    [InlineData(61)]
    public void A_file_in_wrapped_base64_that_holds_a_secret_is_masked_whole(int width)
    {
        var file = string.Concat(Enumerable.Range(0, 20).Select(number => $"setting_{number}=value {number}\n")) + $"DB_PASSWORD={Value}\nregion=eu-west-1\n";
        var wrapped = Wrapped(System.Text.Encoding.UTF8.GetBytes(file), width);
        Assert.Equal(wrapped, Masked($"data:\n{wrapped}\n"));
    }

    public static TheoryData<string> Keys => [.. Made().Keys];

    private static Dictionary<string, byte[]> Made()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=a", ec, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
        return new()
        {
            ["PKCS#1"] = rsa.ExportRSAPrivateKey(), ["PKCS#8 of RSA"] = rsa.ExportPkcs8PrivateKey(), ["PKCS#8 of EC"] = ec.ExportPkcs8PrivateKey(), ["SEC1"] = ec.ExportECPrivateKey(),
            ["PKCS#8 encrypted"] = ec.ExportEncryptedPkcs8PrivateKey("x", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)),
            ["PKCS#12"] = certificate.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pfx, "x"),
        };
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_private_key_in_bytes_is_masked_whole_in_base64_and_in_hexadecimal(string kind)
    {
        var bytes = Made()[kind];
        foreach (var written in new[] { Convert.ToBase64String(bytes), Convert.ToHexStringLower(bytes), Convert.ToHexString(bytes), Wrapped(bytes, 64) })
        {
            Assert.Equal(written, Masked($"material: {written}\nnext: 1"));
        }
    }

    [Fact]
    public void Public_keys_certificates_and_signatures_in_bytes_stay()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=a", ec, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
        foreach (var bytes in new[] { rsa.ExportRSAPublicKey(), rsa.ExportSubjectPublicKeyInfo(), ec.ExportSubjectPublicKeyInfo(), certificate.RawData, request.CreateSigningRequest(), ec.SignData([1, 2], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence) })
        {
            Assert.Null(Masked($"material: {Convert.ToBase64String(bytes)}\nhex {Convert.ToHexString(bytes)}\n{Wrapped(bytes, 64)}\n"));
        }
    }

    [Theory]
    [InlineData("ghp_16C7e42F292c6912E7710c838347Ae178B4a\nNEXT=abc123", "ghp_16C7e42F292c6912E7710c838347Ae178B4a")]
    [InlineData("DB_PASSWORD=q8Zx3Lm7Vn2T\nCONTENT_MD5=\"287c63f25882\"", "q8Zx3Lm7Vn2T")]
    [InlineData("TOKEN=ghp_16C7e42F292c6912E7710c838347Ae178B4a\ni-0abc123def456", "ghp_16C7e42F292c6912E7710c838347Ae178B4a")]
    public void What_stands_in_the_next_line_is_not_taken_for_its_end(string text, string secret) => Assert.Equal(secret, Masked(text));

    [Theory]
    [InlineData("web-1\nip-10-0-1-23\ni-0abc123def456789")]
    [InlineData("3c7699087a28779c5396c5cb7de61bb7637a91a5\n9f86d081884c7d659a2feaa0c55ad015a3bf4f1b")]
    [InlineData("names = [\"alpha-1\" , \"beta-2\"]\nuse \"task-a1\" + \"task-b2\"")]
    public void Ids_and_hashes_in_lines_stay(string text) => Assert.Empty(SecretScanner.Find(text));

    private static string Wrapped(byte[] bytes, int width) => string.Join('\n', Convert.ToBase64String(bytes).Chunk(width).Select(line => new string(line)));
}
