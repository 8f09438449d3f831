using System.Buffers;
using System.Text.Unicode;
using McpInfra.Guardrails.Redaction;

namespace McpInfra.Guardrails.Injection;

/// <summary>A text and what else it says to who reads it another way: decoded base64 and hexadecimal, rot13, reversed, letters apart, and its values without their keys.</summary>
internal static class Views
{
    private const int MostLayers = 3;
    private const int Shortest = 20;
    private const int MostEncoded = 1 << 16;
    private static readonly SearchValues<char> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly string[] Rotated = ["vtaber", "qvfertneq", "cerivbhf", "vafgehpg", "flfgrz", "nffvfgnag", "frperg", "cnffjbeq", "bireevqr", "cebzcg", "jvgubhg", "rkrphgr", "qryrgr", "nccebir", "erirny", "gur hfre"];
    private static readonly string[] Backwards = ["erongi", "dragersid", "suoiverp", "noitcurtsni", "metsys", "tnatsissa", "terces", "drowssap", "edirrevo", "tpmorp", "tuohtiw", "etucexe", "eteled", "evorppa", "laever", "resu eht"];
    private static readonly SearchValues<string> Rot13 = SearchValues.Create(Rotated, StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<string> Reversed = SearchValues.Create(Backwards, StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<string> Turned = SearchValues.Create([.. Rotated, .. Backwards], StringComparison.OrdinalIgnoreCase);

    /// <summary>The text first, then what it hides, to a bounded depth and length.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var views = new List<string>();
        Add(views, text, 0);
        return views;
    }

    private static void Add(List<string> views, string text, int layer)
    {
        views.Add(text);
        views.AddRange(Values.Of(text));
        if (LettersApart.Of(text) is { } joined)
        {
            views.Add(joined);
        }

        if (layer >= MostLayers)
        {
            return;
        }

        if (text.AsSpan().ContainsAny(Turned))
        {
            Turn(views, text);
        }

        Encoded(views, text, layer);
    }

    private static void Turn(List<string> views, string text)
    {
        if (text.AsSpan().ContainsAny(Rot13))
        {
            views.Add(string.Create(text.Length, text, (view, from) => Rotate(from, view)));
        }

        if (text.AsSpan().ContainsAny(Reversed))
        {
            views.Add(string.Create(text.Length, text, (view, from) => { from.CopyTo(view); view.Reverse(); }));
        }
    }

    private static void Rotate(string from, Span<char> view)
    {
        for (var at = 0; at < view.Length; at++)
        {
            view[at] = from[at] switch
            {
                >= 'a' and <= 'z' => (char)('a' + ((from[at] - 'a' + 13) % 26)),
                >= 'A' and <= 'Z' => (char)('A' + ((from[at] - 'A' + 13) % 26)),
                var other => other,
            };
        }
    }

    private static void Encoded(List<string> views, string text, int layer)
    {
        var at = 0;
        var spent = 0;
        while (spent < MostEncoded && Runs.Next(text, at, Base64, Shortest) is (var start, > 0 and var length))
        {
            spent += length;
            at = start + length;
            if (Decoded(text.AsSpan(start, Math.Min(length, MostEncoded))) is { } decoded)
            {
                Add(views, decoded, layer + 1);
            }
        }
    }

    private static string? Decoded(ReadOnlySpan<char> run)
    {
        if (!run.ContainsAnyExcept(Hex))
        {
            return run.Length % 2 == 0 ? Text(Convert.FromHexString(run)) : Text(Convert.FromHexString(run[..^1]));
        }

        // A first look at a few bytes spares the rest.
        Span<byte> head = stackalloc byte[18];
        Span<char> plain = stackalloc char[24];
        var look = Math.Min(run.Length / 4 * 4, 24);
        Standard(run[..look], plain);
        if (!Convert.TryFromBase64Chars(plain[..look], head, out var read) || !IsText(head[..read]))
        {
            return null;
        }

        var rented = ArrayPool<char>.Shared.Rent(run.Length + 3);
        try
        {
            Standard(run, rented);
            var length = run.Length % 4 == 1 ? run.Length - 1 : run.Length;
            while (length % 4 != 0)
            {
                rented[length++] = '=';
            }

            var bytes = new byte[length];
            return Convert.TryFromBase64Chars(rented.AsSpan(0, length), bytes, out var written) ? Text(bytes.AsSpan(0, written)) : null;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    private static void Standard(ReadOnlySpan<char> from, Span<char> to)
    {
        for (var at = 0; at < from.Length; at++)
        {
            to[at] = from[at] switch { '-' => '+', '_' => '/', var other => other };
        }
    }

    private static string? Text(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Shortest / 2 || !IsText(bytes))
        {
            return null;
        }

        // What a name happens to decode to is seldom valid UTF-8, and the usual decoder is slow then.
        var rented = ArrayPool<char>.Shared.Rent(bytes.Length);
        Utf8.ToUtf16(bytes, rented, out _, out var length);
        var text = new string(rented, 0, length);
        ArrayPool<char>.Shared.Return(rented);
        return text;
    }

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value is < 32 and not ((byte)'\n' or (byte)'\r' or (byte)'\t') or 127)
            {
                return false;
            }
        }

        return bytes.Length > 0;
    }
}
