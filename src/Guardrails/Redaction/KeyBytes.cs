namespace McpInfra.Guardrails.Redaction;

/// <summary>Tells private keys and key stores from any other bytes by the beginning of their structure: DER of PKCS#1, SEC1, PKCS#8 (also encrypted) and PKCS#12, OpenSSH's and Java's own form.</summary>
internal static class KeyBytes
{
    /// <summary>How many bytes it wants to see.</summary>
    public const int Head = 36;

    /// <summary>Whether a private key begins so.</summary>
    /// <param name="bytes">The first bytes.</param>
    public static bool Begin(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("openssh-key-v1"u8) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xED, 0xFE, 0xED, 0, 0, 0]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xCE, 0xCE, 0xCE, 0xCE, 0, 0, 0]) || (Sequence(ref bytes) && IsKey(bytes));

    // Behind the outer sequence's head: a version and what belongs to it (RFC 5208, 5915, 7292, 8017), or the algorithm of an encrypted key.
    private static bool IsKey(ReadOnlySpan<byte> body) => body switch
    {
        [0x02, 0x01, 0x00, 0x30, .. var algorithm] => Length(ref algorithm) && algorithm is [0x06, ..],
        [0x02, 0x01, 0x00, 0x02, .. var modulus] => Length(ref modulus),
        [0x02, 0x01, 0x01, 0x04, >= 20 and <= 66, ..] => true,
        [0x02, 0x01, 0x01, 0x30, .. var algorithm] => Length(ref algorithm) && algorithm is [0x06, ..],
        [0x02, 0x01, 0x03, .. var content] => Sequence(ref content) && content is [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, ..],
        _ => Sequence(ref body) && body is [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, ..] or [0x06, 0x0A, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, ..],
    };

    private static bool Sequence(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes is not [0x30, ..])
        {
            return false;
        }

        bytes = bytes[1..];
        return Length(ref bytes);
    }

    // A definite length: one byte, or as many as the first says.
    private static bool Length(ref ReadOnlySpan<byte> bytes)
    {
        var more = bytes is [>= 0x81 and <= 0x83, ..] ? bytes[0] & 0xF : 0;
        if (bytes.Length < 1 + more || (more == 0 && bytes[0] is < 8 or >= 0x80))
        {
            return false;
        }

        bytes = bytes[(1 + more)..];
        return true;
    }
}
