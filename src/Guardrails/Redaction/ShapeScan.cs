using System.Buffers.Text;
using System.Text;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds credentials known by their shape: key blocks, JSON web tokens, webhooks, signatures in links, and tokens with a mark in their middle.</summary>
internal static class ShapeScan
{
    /// <summary>What gives such a credential away.</summary>
    public static IReadOnlyList<string> Marks { get; } =
        [
            "-----BEGIN", "---- BEGIN SSH2", "<RSAKeyValue>", "\"kty", "eyJ", "PuTTY-User-Key-File", "hooks.slack.com/", "/api/webhooks/", ".webhook.office.com/", "outlook.office.com/webhook", "chat.googleapis.com/v1/spaces/",
            ".atlasv1.", "Q~", "T3BlbkFJ", "JQQJ99", "+ASt", "AzCa", "AzFu", "ACDb", "+AMC", ":AA", "-us", "FFFFNRAL", "Signature=", "signature=", "sig=", "Security-Token=", "hooks.zapier.com/", "logic.azure.com", "PIN ", "PUK ",
        ];

    private static readonly Beginnings Beginnings = new(Marks);

    private const int LongestKey = 120;

    /// <summary>Adds what stands at a position, when one of the marks does, and returns where to look on.</summary>
    public static int At(string text, int at, Spans spans) => Beginnings.Stand(text.AsSpan(at)) ? Math.Max(at + 1, Look(text, at, spans)) : at;

    /// <summary>Adds what stands at the mark and returns where to look on.</summary>
    private static int Look(string text, int at, Spans spans)
    {
        var rest = text.AsSpan(at);
        return text[at] switch
        {
            '-' when rest.StartsWith("-----") => KeyBlock.Add(text, at, spans),
            '-' when rest.StartsWith("---- ") => KeyBlock.AddSsh2(text, at, spans),
            '"' => KeyObject.AddJson(text, at, spans),
            '<' => KeyObject.AddXml(text, at, spans),
            'P' when rest[3] == ' ' => Pin(text, at, spans),
            'P' => KeyBlock.AddPutty(text, at, spans),
            'e' => WebToken(text, at, spans),
            'h' or '/' or 'o' or 'c' => Webhook(text, at, spans),
            '.' when rest.StartsWith(".webhook") => Webhook(text, at, spans),
            'l' => at,
            '.' => Around(text, at, Alphabet.Word, 14, 40, "terraform-cloud", spans),
            'Q' => AzureSecret(text, at, spans),
            'T' => Around(text, at, Alphabet.Word, 10, 20, "openai", spans),
            'J' or '+' or 'A' => AzureKey(text, at, spans),
            ':' => Telegram(text, at, spans),
            '-' => Mailchimp(text, at, spans),
            'F' => Around(text, at, Alphabet.Alnum, 28, 0, "newrelic", spans),
            's' or 'S' => Signature(text, at, spans),
            _ => at,
        };
    }

    // PIN 1234, PUK 12345678
    private static int Pin(string text, int at, Spans spans)
    {
        var rest = text.AsSpan(at + 4);
        var digits = rest.IndexOfAnyExceptInRange('0', '9') is >= 0 and var stop ? stop : rest.Length;
        if (digits is >= 4 and <= 8 && Boundary.Before(text, at) && (digits == rest.Length || !(char.IsLetter(rest[digits]) || rest[digits] is '.' or ':' or '-' or '/')))
        {
            spans.Add(at + 4, at + 4 + digits, "code");
        }

        return at + 4;
    }

    private static int WebToken(string text, int at, Spans spans)
    {
        if (!Boundary.Before(text, at))
        {
            return at;
        }

        var rest = text.AsSpan(at);
        var header = Alphabet.Word.Run(rest);
        if (header < 12 || header >= rest.Length || rest[header] != '.' || !(DecodesToJson(rest[..header]) || rest[(header + 1)..].StartsWith("eyJ")))
        {
            return at + header;
        }

        var body = Alphabet.Word.Run(rest[(header + 1)..]);
        var length = header + 1 + body;
        var sections = 2;
        while (sections < 5 && length < rest.Length && rest[length] == '.' && Alphabet.Word.Run(rest[(length + 1)..]) is > 0 and var more)
        {
            length += 1 + more;
            sections++;
        }

        spans.Add(at, at + (body < 4 ? 0 : length), "jwt");
        return at + length;
    }

    private static bool DecodesToJson(ReadOnlySpan<char> section)
    {
        Span<byte> bytes = stackalloc byte[1024];
        var cut = section[..Math.Min(section.Length, 1024)];
        cut = cut.Length % 4 == 1 ? cut[..^1] : cut;
        // The Try form throws at what is no base64.
        return Base64Url.DecodeFromChars(cut, bytes, out _, out var written) is System.Buffers.OperationStatus.Done && written > 2 && bytes[0] == '{' && bytes[..written].IndexOf("\"alg\""u8) > 0;
    }

    private static int Webhook(string text, int at, Spans spans)
    {
        var start = at;
        while (start > 0 && at - start < 100 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is ':' or '/' or '.' or '-'))
        {
            start--;
        }

        // Only the address itself: what stands before its scheme is somebody else's.
        var scheme = text.AsSpan(start, at - start).LastIndexOf("http");
        start = scheme < 0 ? at : start + scheme;
        var end = at;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('"' or '\'' or '<' or '>' or '`' or '\\' or ')' or ','))
        {
            end++;
        }

        var path = text.AsSpan(at, end - at);
        var secret = path.StartsWith("hooks.slack.com/") ? path.Count('/') >= 4 && path.Length > 40
            : path.StartsWith("/api/webhooks/") ? path.Count('/') >= 4 && path.Length > 60
            : path.StartsWith("chat.google") ? path.Contains("key=", StringComparison.Ordinal)
            : path.StartsWith("hooks.zapier") ? path.Contains("/catch/", StringComparison.Ordinal) && path.Length > 30
            : path.Contains("webhook", StringComparison.Ordinal) && path.Length > 80;
        if (secret && !SecretValues.IsPlaceholder(path))
        {
            spans.Add(start, end, "webhook");
        }

        return end;
    }

    /// <summary>A token around a mark, with so many characters before and after at least.</summary>
    private static int Around(string text, int at, Alphabet letters, int before, int after, string kind, Spans spans)
    {
        var start = at;
        while (start > 0 && letters.Has(text[start - 1]))
        {
            start--;
        }

        var end = at;
        while (end < text.Length && (letters.Has(text[end]) || text[end] == '.'))
        {
            end++;
        }

        if (at - start >= before && end - at >= after)
        {
            spans.Add(start, end, kind);
        }

        return end;
    }

    private static int AzureSecret(string text, int at, Spans spans)
    {
        // Three characters, a digit, Q~ and at least 31 more: an Entra client secret.
        if (at < 4 || !char.IsAsciiDigit(text[at - 1]) || Alphabet.Dotted.Run(text.AsSpan(at)) is not (>= 31 and var length))
        {
            return at;
        }

        spans.Add(at - 4, at + length, "azure-client-secret");
        return at + length;
    }

    private static int AzureKey(string text, int at, Spans spans)
    {
        var start = at;
        var letters = text[at] == 'J' ? Alphabet.Alnum : Alphabet.Base64;
        while (start > 0 && at - start < 100 && letters.Has(text[start - 1]) && text[start - 1] is not ('=' or '%'))
        {
            start--;
        }

        var length = letters.Run(text.AsSpan(start, Math.Min(LongestKey, text.Length - start)));
        var position = at - start;
        var marked = text.AsSpan(at).StartsWith("JQQJ99") ? length >= 84 && position is 52 or 76
            : (length is 88 && position is 76 && text[at] == '+') || (length is 52 or 56 && position is 40 or 44) || (length is 44 or 52 && position is 33 or 40);
        if (marked)
        {
            spans.Add(start, start + length, "azure-key");
        }

        return at + 4;
    }

    private static int Telegram(string text, int at, Spans spans)
    {
        var start = at;
        while (start > 0 && char.IsAsciiDigit(text[start - 1]))
        {
            start--;
        }

        var body = Alphabet.Word.Run(text.AsSpan(at + 1));
        if (at - start is >= 8 and <= 11 && body is >= 33 and <= 40)
        {
            spans.Add(start, at + 1 + body, "telegram");
        }

        return at + 1;
    }

    private static int Mailchimp(string text, int at, Spans spans)
    {
        if (at >= 32 && Alphabet.Hex.Run(text.AsSpan(at - 32, 32)) == 32 && at + 3 < text.Length && char.IsAsciiDigit(text[at + 3]) && Boundary.Before(text, at - 32))
        {
            var digits = at + 4 < text.Length && char.IsAsciiDigit(text[at + 4]) ? 2 : 1;
            spans.Add(at - 32, at + 3 + digits, "mailchimp");
        }

        return at + 1;
    }

    private static int Signature(string text, int at, Spans spans)
    {
        var value = at + text.AsSpan(at).IndexOf('=') + 1;
        if (value <= at || at == 0 || text[at - 1] is not ('?' or '&' or ';' or '-' or '6'))
        {
            return at;
        }

        // After & in HTML or JSON the ampersand may be written &amp; or \u0026, which end in the characters tested above.
        var end = value;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '%' or '+' or '/' or '=' or '-' or '_' or '.' or '~'))
        {
            end++;
        }

        if (end - value >= 20)
        {
            spans.Add(value, end, "url-signature");
        }

        return end;
    }
}
