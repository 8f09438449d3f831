using System.Buffers;
using System.Text;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds base64 of text that holds a secret, as user data, Kubernetes secrets and encoded files do, and base64 or hexadecimal of a private key; the whole run is the secret then.</summary>
internal static class EncodedScan
{
    private const int Shortest = 24;
    private const int Longest = 1 << 20;
    private const int ShortestKey = 48;
    private const int MostForeign = 3;
    private static readonly Runs Encoded = new(Alphabet.Lower + Alphabet.Upper + Alphabet.Digit + "+/", Shortest);
    private static readonly SearchValues<char> Hex = SearchValues.Create(Alphabet.Digit + "abcdefABCDEF");

    public static void Run(string text, Spans spans, int layer)
    {
        var at = 0;
        while (Encoded.Next(text, at) is (var start, > 0 and var length))
        {
            var end = start + length;
            while (end < text.Length && text[end] == '=' && end - start - length < 2)
            {
                end++;
            }

            if (length <= Longest && !spans.Cover(start) && Kind(text.AsSpan(start, length), layer) is { } kind)
            {
                spans.Add(start, end, kind);
            }

            at = end;
        }
    }

    private static string? Kind(ReadOnlySpan<char> run, int layer) => run.Length >= ShortestKey && IsKey(run) ? "private-key" : Hides(run, layer) ? "encoded" : null;

    private static bool IsKey(ReadOnlySpan<char> run)
    {
        Span<byte> head = stackalloc byte[KeyBytes.Head];
        return run.StartsWith("30") && !run.ContainsAnyExcept(Hex)
            ? Convert.FromHexString(run[..ShortestKey], head, out _, out var written) is OperationStatus.Done && KeyBytes.Begin(head[..written])
            : run[0] is 'M' or 'b' or '/' or 'z' && Convert.TryFromBase64Chars(run[..(KeyBytes.Head / 3 * 4)], head, out written) && KeyBytes.Begin(head[..written]);
    }

    private static bool Hides(ReadOnlySpan<char> run, int layer)
    {
        // A look at the first bytes tells text from anything else at little cost.
        Span<byte> head = stackalloc byte[18];
        if (!Convert.TryFromBase64Chars(run[..24], head, out var read) || !Begins(head[..read]))
        {
            return false;
        }

        var rented = ArrayPool<byte>.Shared.Rent(run.Length);
        try
        {
            var whole = run[..(run.Length / 4 * 4)];
            if (!Convert.TryFromBase64Chars(whole, rented, out var length) || !PrintedBytes.Are(rented.AsSpan(0, length)))
            {
                return false;
            }

            var rest = run[whole.Length..];
            Span<byte> tail = stackalloc byte[3];
            var last = rest.Length >= 2 && Convert.TryFromBase64Chars(rest.ToString().PadRight(4, '='), tail, out var more) ? tail[..more] : [];
            return SecretScanner.Find(Encoding.UTF8.GetString([.. rented.AsSpan(0, length), .. last]), layer + 1).Count > 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    // A few letters of an older alphabet than UTF-8 are text, too.
    private static bool Begins(ReadOnlySpan<byte> head)
    {
        var high = 0;
        foreach (var value in head)
        {
            high += value >> 7;
        }

        return high <= MostForeign ? PrintedBytes.Are(head) : PrintedBytes.MayBegin(head);
    }
}
