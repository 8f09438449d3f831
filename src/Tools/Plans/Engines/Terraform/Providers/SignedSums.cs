using System.Text;
using Org.BouncyCastle.Bcpg;
using Org.BouncyCastle.Bcpg.OpenPgp;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>A list of SHA-256 sums and the OpenPGP signature over it.</summary>
internal static class SignedSums
{
    /// <summary>Fingerprint of the key that signs HashiCorp's releases: https://www.hashicorp.com/trust/security.</summary>
    public const string HashiCorp = "C874011F0AB405110D02105534365D9472D7468F";

    private static readonly HashAlgorithmTag[] Strong = [HashAlgorithmTag.Sha256, HashAlgorithmTag.Sha384, HashAlgorithmTag.Sha512];

    /// <summary>Fingerprint of the key that signed; null when none of these did, or it was revoked or had expired by then.</summary>
    /// <param name="signed">What was signed.</param>
    /// <param name="signature">A detached signature, binary or armoured.</param>
    /// <param name="keys">Armoured public keys.</param>
    public static string? Signer(byte[] signed, byte[] signature, IEnumerable<byte[]> keys)
    {
        try
        {
            var list = new PgpObjectFactory(PgpUtilities.GetDecoderStream(new MemoryStream(signature))).NextPgpObject() as PgpSignatureList;
            var signatures = list is null ? [] : Enumerable.Range(0, list.Count).Select(index => list[index]).Where(one => one.SignatureType == PgpSignature.BinaryDocument && Strong.Contains(one.HashAlgorithm)).ToList();
            foreach (var armor in keys)
            {
                var bundle = new PgpPublicKeyRingBundle(PgpUtilities.GetDecoderStream(new MemoryStream(armor)));
                foreach (var one in signatures)
                {
                    if (bundle.GetPublicKey(one.KeyId) is { } key && IsValid(key, one) && Verifies(key, one, signed))
                    {
                        return Convert.ToHexString(key.GetFingerprint());
                    }
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is IOException or PgpException or ArgumentException or InvalidCastException)
        {
            return null;
        }
    }

    /// <summary>The sum of a file, 64 hexadecimal digits in lower case; null when the list does not name it.</summary>
    public static string? Of(byte[] sums, string name) => Encoding.UTF8.GetString(sums).Split('\n')
        .Select(line => line.TrimEnd('\r').Split("  ", 2))
        .Where(line => line is [{ Length: 64 } sum, var named] && named == name && sum.All(char.IsAsciiHexDigit))
        .Select(line => line[0].ToLowerInvariant()).FirstOrDefault();

    private static bool IsValid(PgpPublicKey key, PgpSignature signature) =>
        !key.HasRevocation() && (key.GetValidSeconds() == 0 || signature.CreationTime <= key.CreationTime.AddSeconds(key.GetValidSeconds()));

    private static bool Verifies(PgpPublicKey key, PgpSignature signature, byte[] signed)
    {
        signature.InitVerify(key);
        signature.Update(signed);
        return signature.Verify();
    }
}
