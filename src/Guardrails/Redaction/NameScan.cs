using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds values that their name gives away: `DB_PASSWORD=…`, `"apiKey": "…"`, `password = "a" -> "b"`, `--token …`, a name/value pair, an XML element.</summary>
internal static class NameScan
{
    private const int LongestName = 100;
    private const int LongestOwner = 20;
    private static readonly SearchValues<string> Words = SearchValues.Create(
        ["pass", "pwd", "secret", "token", "key", "cred", "auth", "jwt", "psk", "_pat", "_pw", "cookie", "kennwort", "senha", "contrasena", "wachtwoord", "haslo", "seed", "otp", "mnemonic", "saml", "salt", "pepper", "_code", "codes", "community"], StringComparison.OrdinalIgnoreCase);

    // Looked for apart: among the others they would make each look for either three times as long.
    private static readonly SearchValues<string> MoreWords = SearchValues.Create(
        ["heslo", "salasana", "adgangskode", "losenord", "parola", "lozinka", "geslo", "jelszo", "segre", "clave", "chave", "chiave", "encrypt =", " phrase", "code:", "code is", ".login=", "pw ", "pw:"], StringComparison.OrdinalIgnoreCase);

    public static void Run(string text, Spans spans)
    {
        if (!System.Text.Ascii.IsValid(text))
        {
            ForeignNames.Run(text, spans);
        }

        Run(text, Words, spans);
        Run(text, MoreWords, spans);
    }

    private static void Run(string text, SearchValues<string> words, Spans spans)
    {
        var (at, read, heads) = (0, 0, 0);
        while (at < text.Length)
        {
            var hit = text.AsSpan(at).IndexOfAny(words);
            if (hit < 0)
            {
                return;
            }

            var (start, end) = Identifier(text, at + hit);
            at = Math.Max(at + hit + 1, end);
            if (SecretTokens.LengthAt(text.AsSpan(Math.Max(0, start - 1))) > 0 || spans.Cover(start))
            {
                continue;
            }

            if (KindOf(text, ref start, end) is { } kind)
            {
                if (start >= heads && TableScan.MayHead(text, end))
                {
                    heads = TableScan.Run(text, start, spans);
                }

                if (ReferenceEquals(kind, SecretKind.Phrase) && text.AsSpan(end - 6, 6).Equals("phrase", StringComparison.OrdinalIgnoreCase))
                {
                    Codes.Phrase(text, end, spans);
                }

                if (ReferenceEquals(kind, SecretKind.Code) && text[end - 1] is 's')
                {
                    at = Math.Max(at, Codes.Run(text, end, spans));
                    continue;
                }

                // A name inside a value that was read already gets a short look only, or a text of names alone would cost its square.
                read = Math.Max(read, Values(text, start, end, kind, start < read ? ValueAt.LongestWithin : ValueAt.Longest, spans));
            }
        }
    }

    // Of keys and codes the word before says what they are: `recovery key: …`.
    private static SecretKind? KindOf(string text, ref int start, int end)
    {
        var name = text.AsSpan(start, end - start).Trim("-.$");
        if (SecretNames.KindOf(name) is { } kind)
        {
            return kind;
        }

        if (name is ['k' or 'K', 'e', 'y', .. var rest] && start > 0 && ((rest is [>= '0' and <= '9'] && text[start - 1] is '"') || (rest.IsEmpty && IsTyped(text.AsSpan(end)))))
        {
            return SecretKind.Key; // {"keyName": "key1", "value": …}
        }

        if (start < 3 || text[start - 1] != ' ' || !(name.StartsWith("key", StringComparison.OrdinalIgnoreCase) || name.StartsWith("code", StringComparison.OrdinalIgnoreCase) || name.Equals("phrase", StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        var before = start - 1;
        while (before > 0 && start - before <= LongestOwner && char.IsLetter(text[before - 1]))
        {
            before--;
        }

        kind = SecretNames.KindOf(text.AsSpan(before, end - before));
        start = kind is null ? start : before;
        return kind;
    }

    // key: abcd efgh ijkl mnop qrst uvwx
    private static bool IsTyped(ReadOnlySpan<char> rest) => rest.Length > 30 && rest.StartsWith(": ") && rest[6] == ' ' && rest[11] == ' ' && rest[16] == ' ' && rest[21] == ' ' && rest[26] == ' ';

    private static (int Start, int End) Identifier(string text, int at)
    {
        var start = at;
        while (start > 0 && at - start < LongestName && Part(text[start - 1]) && !Escape(text, start - 1))
        {
            start--;
        }

        var end = at;
        while (end < text.Length && end - at < LongestName && Part(text[end]) && !(text[end] == '.' && end + 1 < text.Length && text[end + 1] == '.'))
        {
            end++;
        }

        return (start, end);
    }

    private static bool Part(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '-' or '.' or '$';

    // The letter of \n, \r or \t belongs to the escape, not to the name behind it.
    private static bool Escape(string text, int at) => at > 0 && text[at - 1] == '\\' && text[at] is 'n' or 'r' or 't';

    /// <summary>Adds the values of a name and returns how far it has read.</summary>
    private static int Values(string text, int start, int end, SecretKind kind, int longest, Spans spans)
    {
        if (Assigned.After(text, start, end) is not { } place)
        {
            Told(text, end, kind, spans);
            return end;
        }

        for (var count = 0; count < 8; count++)
        {
            if (ValueAt.Read(text, place, longest) is not { } found)
            {
                return Math.Max(end, BlockScan.Run(text, place.At, spans));
            }

            end = found.After;
            if (!Add(text, found, place.Prose ? SecretKind.Token : kind, spans) && place.Prose)
            {
                Told(text, place.At - 1, kind, spans);
            }

            if (ValueAt.Next(text, found) is not { } next)
            {
                return end;
            }

            place = place with { At = next };
        }

        return end;
    }

    private static void Told(string text, int at, SecretKind kind, Spans spans)
    {
        if (Sentence.Find(text, at, kind.Any || ReferenceEquals(kind, SecretKind.Secret)) is (var from, var to) && !spans.Cover(from))
        {
            spans.Add(from, to, kind.Name);
        }
    }

    private static bool Add(string text, Value value, SecretKind kind, Spans spans)
    {
        if (spans.StartsLink(value.Start))
        {
            return true;
        }

        var held = text.AsSpan(value.Start, value.End - value.Start);
        if (kind == SecretKind.Login && held.Contains('='))
        {
            Cookies(text, value, spans);
        }

        if (Scheme(held) is > 0 and var scheme && held.Length - scheme >= 8)
        {
            var credential = held[scheme..].Trim();
            if (!SecretValues.IsPlaceholder(credential) && credential.IndexOfAny(" ,;") < 0)
            {
                spans.Add(value.End - held.Length + scheme, value.End, "bearer");
            }

            return true;
        }

        if (SecretValues.IsSecret(held, kind, value.Quoted))
        {
            spans.Add(value.Start, value.End, kind.Name);
            return true;
        }

        if (held.IndexOf(' ') is > 0 and var space && !value.Quoted && SecretValues.LooksRandom(held[..space]) && SecretValues.IsSecret(held[..space], kind, false))
        {
            spans.Add(value.Start, value.Start + space, kind.Name);
            return true;
        }

        return false;
    }

    // Cookie: a=b; c=d
    private static void Cookies(string text, Value value, Spans spans)
    {
        const int shortest = 16;
        foreach (var range in text.AsSpan(value.Start, value.End - value.Start).Split(';'))
        {
            var (start, end) = (value.Start + range.Start.Value, value.Start + range.End.Value);
            start += text.AsSpan(start, end - start).IndexOf('=') + 1;
            if (end - start >= shortest && SecretValues.LooksRandom(text.AsSpan(start, end - start)) && !IsCounted(text.AsSpan(start, end - start)))
            {
                spans.Add(start, end, "cookie");
            }
        }
    }

    // GA1.2.3079109872.7173330638: who counts visitors tells nobody apart by it.
    private static bool IsCounted(ReadOnlySpan<char> value) => value.Count('.') > 1 && value[value.IndexOf('.')..].Trim("0123456789.").IsEmpty;

    private static int Scheme(ReadOnlySpan<char> value)
    {
        foreach (var scheme in (ReadOnlySpan<string>)["bearer ", "basic ", "token ", "apikey ", "ssws ", "digest ", "splunk ", "genie ", "genieKey "])
        {
            if (value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return scheme.Length;
            }
        }

        return 0;
    }
}
