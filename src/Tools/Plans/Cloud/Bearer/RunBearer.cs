using System.Security.Cryptography;
using System.Text;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Bearer;

/// <summary>A bearer token made for one run: good at the proxy, and nowhere else.</summary>
/// <param name="token">The token.</param>
internal sealed class RunBearer(string token)
{
    private readonly byte[] expected = Encoding.ASCII.GetBytes("Bearer " + token);

    /// <summary>The token.</summary>
    public string Token { get; } = token;

    /// <summary>256 random bits, as tokens are written.</summary>
    public static string Random() => System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whether the request carries exactly this and nothing else that could identify it.</summary>
    public string? Fault(GateRequest request) =>
        request.All("Authorization").ToList() switch
        {
            [] => "the request is anonymous",
            [var only] when CryptographicOperations.FixedTimeEquals(Encoding.Latin1.GetBytes(only), expected) => null,
            [var only] when !only.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) => "the request identifies itself by something else than the run's own token",
            _ => "the request carries another token than the run's own",
        };

    /// <inheritdoc/>
    public override string ToString() => "[the run's own token]";
}
