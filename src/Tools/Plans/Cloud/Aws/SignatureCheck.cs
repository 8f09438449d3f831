using System.Security.Cryptography;
using System.Text;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>Believes exactly the signatures that the run's own dummy key made, within five minutes.</summary>
/// <param name="keys">The run's dummy key.</param>
/// <param name="time">The clock.</param>
internal sealed class SignatureCheck(AwsKeys keys, TimeProvider time)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>Why the signature's head cannot be believed: another key, another time; null when it could be.</summary>
    public string? Fault(PresentedSignature signature)
    {
        var now = time.GetUtcNow();
        return signature.KeyId != keys.Id ? "the request is signed with a key that is not this run's"
            : signature.Token is { } token && !Same(token, keys.Token ?? "") ? "the request carries a session token that is not this run's"
            : signature.Made > now + Skew || signature.Made + (signature.Expires ?? TimeSpan.Zero) < now - Skew ? "the request was signed more than five minutes off this clock, or has expired"
            : null;
    }

    /// <summary>Whether the signature is right for the request; the body in plain form, or null when it is not.</summary>
    public async ValueTask<byte[]?> BodyAsync(GateRequest request, PresentedSignature signature, CancellationToken stop)
    {
        var declared = request.All("X-Amz-Content-Sha256").ToList();
        if (declared.Count > 1)
        {
            return null;
        }

        var body = await request.BodyAsync(stop);
        var payload = declared.FirstOrDefault() ?? (signature.IsPresigned && signature.Scope.Service == "s3" ? SignatureV4.UnsignedPayload : SignatureV4.HashOf(body));
        var canonical = SignatureV4.Canonical(signature.Scope.Service, request.Method, request.Path, signature.SignedQuery, signature.Signed, request.Fields, payload);
        if (!Same(SignatureV4.Of(canonical, signature.Scope, signature.Time, keys.Secret), signature.Signature))
        {
            return null;
        }

        return payload.StartsWith(AwsChunks.Streaming, StringComparison.Ordinal) ? AwsChunks.Read(body, payload, signature, keys.Secret)
            : payload == SignatureV4.UnsignedPayload || Same(payload, SignatureV4.HashOf(body)) ? body
            : null;
    }

    private static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
