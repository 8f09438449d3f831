using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Tells bytes that are text from what a name, a key or chance happens to decode to.</summary>
internal static class PrintedBytes
{
    private const int Head = 32;
    private static readonly SearchValues<byte> Unprinted = SearchValues.Create([0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127]);

    /// <summary>Whether no byte is a control character, whatever the alphabet.</summary>
    public static bool Are(ReadOnlySpan<byte> bytes) => !bytes.ContainsAny(Unprinted);

    /// <summary>Whether they are printed UTF-8.</summary>
    public static bool AreUtf8(ReadOnlySpan<byte> bytes) => !bytes.IsEmpty && Are(bytes) && (Ascii.IsValid(bytes) || Utf8.IsValid(bytes));

    /// <summary>Whether the first bytes, 32 at most, may begin printed UTF-8.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> head)
    {
        Span<char> units = stackalloc char[Head];
        return !head.IsEmpty && Are(head) && (Ascii.IsValid(head) || Utf8.ToUtf16(head, units, out _, out _, replaceInvalidSequences: false, isFinalBlock: false) is not OperationStatus.InvalidData);
    }
}
