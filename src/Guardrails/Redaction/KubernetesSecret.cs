using System.Collections.Frozen;

namespace McpInfra.Guardrails.Redaction;

/// <summary>What a Kubernetes Secret holds: every value, whatever it is called, but for names of users, hosts and certificates; in text the values of `data`, in objects those of `stringData` too.</summary>
internal static class KubernetesSecret
{
    /// <summary>How tokens name it.</summary>
    public const string Kind = "kubernetes-secret";

    private const int LongestManifest = 64 << 10;
    private const int MostLines = 500;
    private const int LongestHead = 64;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Open =
        "username user login email host hostname server port database dbname db namespace region name type provider ca.crt tls.crt ca cert certificate ca-bundle extra version".Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a field of that name in a manifest of that kind holds secrets.</summary>
    public static bool Holds(string? kind, string field) => kind is "Secret" && field is "data" or "stringData";

    /// <summary>Whether the value of an entry is one.</summary>
    public static bool Hides(ReadOnlySpan<char> key, ReadOnlySpan<char> value) => !Open.Contains(key) && value.Length > 2 && !SecretValues.IsPlaceholder(value) && !SecretValues.IsReference(value);

    /// <summary>Adds the values of manifests in YAML and JSON.</summary>
    public static void Run(string text, Spans spans)
    {
        var read = 0;
        for (var at = 0; text.AsSpan(at).IndexOf("Secret") is >= 0 and var hit; at += "Secret".Length)
        {
            at += hit;
            if (at >= read && Is(text, at, "kind: ", '\n', '\r') && text.LastIndexOf('\n', at) is var line)
            {
                read = Yaml(text, read, line + 1, spans);
            }
            else if (Is(text, at, "\"kind\": \"", '"', '"') || Is(text, at, "\"kind\":\"", '"', '"'))
            {
                Json(text, at, spans);
            }
        }
    }

    private static bool Is(string text, int at, string before, char end, char other) =>
        text.AsSpan(0, at).EndsWith(before) && (at + "Secret".Length == text.Length || text[at + "Secret".Length] == end || text[at + "Secret".Length] == other);

    // The lines of one document that stand as deep as its kind does, and those below `data`; returns where they end.
    private static int Yaml(string text, int read, int kind, Spans spans)
    {
        var depth = Depth(text, kind);
        var start = kind;
        for (var lines = 0; lines < MostLines && start > read && Depth(text, start) >= depth && !text.AsSpan(start).StartsWith("---"); lines++)
        {
            start = start < 2 ? 0 : text.LastIndexOf('\n', start - 2) + 1;
        }

        var (at, held) = (start, false);
        for (var lines = 0; lines < 2 * MostLines && at < text.Length; lines++)
        {
            var end = text.IndexOf('\n', at) is >= 0 and var stop ? stop : text.Length;
            var line = text.AsSpan(at, end - at).TrimEnd();
            var deep = Depth(text, at);
            if (at > kind && (line.StartsWith("---") || deep < depth))
            {
                return at;
            }

            var entry = line[Math.Min(line.Length, deep)..];
            if (deep <= depth)
            {
                held = deep == depth && entry is "data:";
            }
            else if (held && entry.IndexOf(':') is > 0 and var colon)
            {
                Add(text, entry[..colon].Trim("\"'"), new Place(at + deep + colon + 1 + Spaces(entry[(colon + 1)..]), Line: true), spans);
            }

            at = end + 1;
        }

        return at;
    }

    // A list's hyphen and the signs of a diff count as blanks.
    private static int Depth(string text, int at)
    {
        var deep = 0;
        while (at + deep < text.Length && text[at + deep] is ' ' or '+' || (at + deep + 1 < text.Length && text[at + deep] == '-' && text[at + deep + 1] is ' '))
        {
            deep++;
        }

        return deep;
    }

    private static int Spaces(ReadOnlySpan<char> text) => text.Length - text.TrimStart(' ').Length;

    // As kubectl sorts them, `data` ends right before `kind`; others write it behind.
    private static void Json(string text, int at, Spans spans)
    {
        var from = Math.Max(0, at - LongestManifest);
        var before = text.AsSpan(from, at - from);
        before = before[..before.LastIndexOf("\"kind\"")].TrimEnd(" \t\r\n,");
        if (before.EndsWith("}") && before.LastIndexOf('{') is > 0 and var open && before[..open].TrimEnd(" \t\r\n:").EndsWith("\"data\""))
        {
            Entries(text, from + open + 1, from + before.Length, spans);
        }

        var rest = text.AsSpan(at, Math.Min(LongestManifest, text.Length - at));
        rest = rest.IndexOf("\"kind\"") is >= 0 and var next ? rest[..next] : rest;
        if (rest.IndexOf("\"data\"") is >= 0 and var found && rest[found..].IndexOf('{') is >= 0 and var brace && rest[(found + brace)..].IndexOf('}') is > 0 and var close)
        {
            Entries(text, at + found + brace + 1, at + found + brace + close, spans);
        }
    }

    private static void Entries(string text, int at, int end, Spans spans)
    {
        while (at < end && text.AsSpan(at, end - at).IndexOf('"') is >= 0 and var quote)
        {
            var rest = text.AsSpan(at + quote + 1, end - at - quote - 1);
            var key = rest.IndexOf('"') is > 0 and var close ? rest[..close] : default;
            if (rest.IndexOf(':') is not (> 0 and var colon) || ValueAt.Read(text, new Place(at + quote + 2 + colon + Spaces(rest[(colon + 1)..]))) is not { } found)
            {
                return;
            }

            Add(text, key, found, spans);
            at = found.After;
        }
    }

    private static void Add(string text, ReadOnlySpan<char> key, Place place, Spans spans)
    {
        if (place.At < text.Length && text[place.At] is not ('|' or '>') && ValueAt.Read(text, place) is { } value)
        {
            Add(text, key, value, spans);
        }
    }

    private static void Add(string text, ReadOnlySpan<char> key, Value value, Spans spans)
    {
        // Anything but base64 of text is another manifest's, or a certificate.
        var held = text.AsSpan(value.Start, value.End - value.Start);
        if (Hides(key, held) && IsText(held))
        {
            spans.Add(value.Start, value.End, Kind);
        }
    }

    private static bool IsText(ReadOnlySpan<char> value)
    {
        Span<byte> head = stackalloc byte[LongestHead];
        return value.Length % 4 == 0 && Convert.TryFromBase64Chars(value[..Math.Min(value.Length, LongestHead)], head, out var read) && PrintedBytes.Are(head[..read]) && !value.StartsWith("LS0tLS1CRUdJTiBD");
    }
}
