using System.Buffers;
using System.Buffers.Text;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Tokens of Discord's bots: a number of 17 to 20 digits in base64, a time and a signature, with full stops between.</summary>
internal static class Discord
{
    private const int Time = 6;
    private const int ShortestSignature = 26;

    /// <summary>The base64 of two digits; what no number begins with is left out.</summary>
    public static IReadOnlyList<string> Prefixes { get; } = ["MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"];

    /// <summary>Whether a text has that structure.</summary>
    public static bool Holds(ReadOnlySpan<char> text)
    {
        var first = text.IndexOf('.');
        if (first is < 22 or > 28 || text.Length < first + Time + ShortestSignature + 2 || text[first + Time + 1] != '.')
        {
            return false;
        }

        Span<byte> number = stackalloc byte[24];
        return Base64Url.DecodeFromChars(text[..first], number, out _, out var digits) is OperationStatus.Done && !number[..digits].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
