using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Tools.Plans;

/// <summary>One hash over everything a plan rests on.</summary>
public static class PlanDigest
{
    /// <summary>What it covers, in order.</summary>
    public static IReadOnlyList<string> Parts { get; } =
    [
        "base", "tree", "repository", "stack", "environment", "workspace", "variables", "modules", "fetched", "engine", "providers", "packages", "state", "remote", "account", "sandbox", "egress", "allowed", "policy", "plan",
    ];

    /// <summary>SHA-256 over each part's length and text, hexadecimal. Every part must be there.</summary>
    public static string Of(IReadOnlyDictionary<string, string> rests)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[8];
        foreach (var part in Parts)
        {
            var bytes = Encoding.UTF8.GetBytes(rests[part]);
            BinaryPrimitives.WriteInt64BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
