using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds credentials that a prefix gives away.</summary>
internal static class FormatScan
{
    public static void Run(string text, Spans spans)
    {
        foreach (var prefixes in Formats.Prefixes)
        {
            Run(text, prefixes, spans);
        }
    }

    private static void Run(string text, SearchValues<string> prefixes, Spans spans)
    {
        var at = 0;
        while (at < text.Length)
        {
            var hit = text.AsSpan(at).IndexOfAny(prefixes);
            if (hit < 0)
            {
                return;
            }

            at += hit;
            var length = Boundary.Before(text, at) ? LengthAt(text, at, out var kind) : Nothing(out kind);
            spans.Add(at, at + length, kind);
            at += Math.Max(1, length);
        }
    }

    private static int LengthAt(string text, int at, out string kind)
    {
        var rest = text.AsSpan(at);
        foreach (var format in Formats.ByFirst[text[at]])
        {
            if (!rest.StartsWith(format.Prefix, StringComparison.Ordinal))
            {
                continue;
            }

            var body = format.Body.Run(rest[format.Prefix.Length..]);
            var whole = format.Prefix.Length + body;
            if (body >= format.Least && !SecretValues.IsMasked(rest.Slice(format.Prefix.Length, body)) && format.Holds?.Invoke(rest[..whole].ToString()) is not false)
            {
                kind = format.Kind;
                return whole;
            }
        }

        return Nothing(out kind);
    }

    private static int Nothing(out string kind)
    {
        kind = "";
        return 0;
    }
}
