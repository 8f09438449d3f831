using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Guardrails.Audit;

/// <summary>The key that signs the trail's index and heads: ECDSA P-256 with SHA-256.</summary>
internal sealed class AuditKey : IDisposable
{
    private readonly Lock gate = new();
    private readonly ECDsa key;

    private AuditKey(ECDsa key) => this.key = key;

    /// <summary>The private key of a state folder; made, 0600, when there is neither key nor trail yet. Call it under the index lock.</summary>
    /// <exception cref="InvalidOperationException">The key is gone while its trail is there, or is not readable as a key.</exception>
    public static AuditKey OpenPrivate(AuditFolder folder)
    {
        PrivateFiles.Folder(folder.Keys);
        if (!File.Exists(folder.PrivateKey))
        {
            if (File.Exists(folder.Index))
            {
                throw new InvalidOperationException($"{folder.PrivateKey} is missing, and the trail in {folder.Path} was signed with it. Restore the key, or move the trail away to begin a new one.");
            }

            using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            PrivateFiles.Replace(folder.PublicKey, Encoding.ASCII.GetBytes(fresh.ExportSubjectPublicKeyInfoPem() + "\n"));
            PrivateFiles.Replace(folder.PrivateKey, Encoding.ASCII.GetBytes(fresh.ExportPkcs8PrivateKeyPem() + "\n"));
        }

        PrivateFiles.RefuseShared(folder.PrivateKey);
        return Read(folder.PrivateKey);
    }

    /// <summary>A key from a PEM file.</summary>
    /// <exception cref="InvalidOperationException">The file holds no key of this kind.</exception>
    public static AuditKey Read(string path)
    {
        var key = ECDsa.Create();
        try
        {
            Import(key, File.ReadAllText(path));
            return new AuditKey(key);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or CryptographicException)
        {
            key.Dispose();
            throw new InvalidOperationException($"{path} is not a PEM file with an ECDSA key.");
        }
    }

    // The form that is written here is read here: each start does so, and the framework's reader of PEM is compiled anew each time.
    private static void Import(ECDsa key, string pem)
    {
        const string Begin = "-----BEGIN PRIVATE KEY-----\n", End = "\n-----END PRIVATE KEY-----\n";
        if (pem.StartsWith(Begin, StringComparison.Ordinal) && pem.EndsWith(End, StringComparison.Ordinal))
        {
            key.ImportPkcs8PrivateKey(Convert.FromBase64String(pem[Begin.Length..^End.Length]), out _);
        }
        else
        {
            key.ImportFromPem(pem);
        }
    }

    /// <summary>The signature of a text, base64.</summary>
    public string Sign(string text)
    {
        lock (gate)
        {
            return Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256));
        }
    }

    /// <summary>Whether the signature is this key's on the text.</summary>
    public bool Verifies(string text, string signature)
    {
        var bytes = new byte[64];
        lock (gate)
        {
            // Several texts decode to the same bytes; only one is what was written.
            return Convert.TryFromBase64String(signature, bytes, out var length) && length == bytes.Length && Convert.ToBase64String(bytes) == signature
                && key.VerifyData(Encoding.UTF8.GetBytes(text), bytes, HashAlgorithmName.SHA256);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();
}
