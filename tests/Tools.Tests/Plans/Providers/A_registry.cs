using System.Net;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;

namespace McpInfra.Tools.Tests.Plans.Providers;

/// <summary>A provider registry and a network mirror as they answer over the wire, without one.</summary>
internal sealed class A_registry : HttpMessageHandler
{
    private readonly Dictionary<string, byte[]> documents = [];
    private readonly Dictionary<string, Uri> redirects = [];

    public List<string> Asked { get; } = [];

    public byte[] Package { get; } = A_mirror.Zip(("terraform-provider-thing_v1.0.0", "the real one"));

    public string Sum => Convert.ToHexStringLower(SHA256.HashData(Package));

    /// <summary>Answers with a document from now on.</summary>
    public void Put(string url, byte[] content) => documents[url] = content;

    public void Redirect(string url, string to) => redirects[url] = new Uri(to);

    /// <summary>`acme/thing` 1.0.0, signed by `signer`, with `named` as the key that the registry names.</summary>
    public void Publish(string host, PgpKey signer, PgpKey named, string space = "acme")
    {
        var name = "terraform-provider-thing_1.0.0_linux_amd64.zip";
        var sums = Encoding.UTF8.GetBytes($"{new string('0', 64)}  other.zip\n{Sum}  {name}\n");
        Put($"https://{host}/.well-known/terraform.json", """{"providers.v1":"/v1/providers/"}"""u8.ToArray());
        Put($"https://{host}/v1/providers/{space}/thing/versions", """{"versions":[{"version":"1.0.0","platforms":[{"os":"linux","arch":"amd64"}]},{"version":"2.0.0","platforms":[{"os":"windows","arch":"amd64"}]}]}"""u8.ToArray());
        Put($"https://{host}/v1/providers/{space}/thing/1.0.0/download/linux/amd64", System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new
        {
            filename = name,
            download_url = $"https://files.{host}/{name}",
            shasums_url = $"https://files.{host}/sums",
            shasums_signature_url = $"https://files.{host}/sums.sig",
            shasum = Sum,
            signing_keys = new { gpg_public_keys = new[] { new { key_id = "x", ascii_armor = named.Armored() } } },
        }));
        Put($"https://files.{host}/sums", sums);
        Put($"https://files.{host}/sums.sig", signer.Sign(sums));
        Put($"https://files.{host}/{name}", Package);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var url = request.RequestUri!.AbsoluteUri;
        Asked.Add(url);
        if (redirects.TryGetValue(url, out var to))
        {
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = to } });
        }

        return Task.FromResult(documents.TryGetValue(url, out var document)
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(document) }
            : new HttpResponseMessage(HttpStatusCode.NotFound));
    }
}

/// <summary>A key that signs releases.</summary>
internal sealed class PgpKey
{
    private readonly PgpKeyPair pair;

    public PgpKey()
    {
        var generator = new RsaKeyPairGenerator();
        generator.Init(new Org.BouncyCastle.Crypto.Parameters.RsaKeyGenerationParameters(BigInteger.ValueOf(65537), new SecureRandom(), 2048, 25));
        pair = new PgpKeyPair(PublicKeyAlgorithmTag.RsaSign, generator.GenerateKeyPair(), DateTime.UtcNow.AddDays(-1));
    }

    public string Fingerprint => Convert.ToHexString(pair.PublicKey.GetFingerprint());

    public string Armored()
    {
        using var memory = new MemoryStream();
        using (var armor = new ArmoredOutputStream(memory))
        {
            pair.PublicKey.Encode(armor);
        }

        return Encoding.ASCII.GetString(memory.ToArray());
    }

    public byte[] Sign(byte[] content, HashAlgorithmTag hash = HashAlgorithmTag.Sha256)
    {
        var generator = new PgpSignatureGenerator(PublicKeyAlgorithmTag.RsaSign, hash);
        generator.InitSign(PgpSignature.BinaryDocument, pair.PrivateKey);
        generator.Update(content);
        return generator.Generate().GetEncoded();
    }
}
