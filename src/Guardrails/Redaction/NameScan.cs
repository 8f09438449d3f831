using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds values that their name gives away: `DB_PASSWORD=…`, `"apiKey": "…"`, `password = "a" -> "b"`, `--token …`, a name/value pair, an XML element.</summary>
internal static class NameScan
{
    private const int LongestName = 100;
    private static readonly SearchValues<string> Words = SearchValues.Create(
        ["pass", "pwd", "secret", "token", "key", "cred", "auth", "jwt", "psk", "_pat", "_pw", "cookie", "kennwort", "senha", "contrasena", "wachtwoord", "haslo", "seed", "otp", "mnemonic", "saml"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> WordsOfOtherScripts = SearchValues.Create(["пароль", "Пароль", "ПАРОЛЬ", "токен", "ключ", "contraseña", "Contraseña", "パスワード", "密码", "密碼", "口令", "비밀번호", "كلمة المرور", "סיסמה", "şifre", "hasło", "mật khẩu"], StringComparison.Ordinal);

    public static void Run(string text, Spans spans)
    {
        Run(text, Words, spans);
        if (!System.Text.Ascii.IsValid(text))
        {
            Run(text, WordsOfOtherScripts, spans);
        }
    }

    private static void Run(string text, SearchValues<string> words, Spans spans)
    {
        var at = 0;
        var read = 0;
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

            var name = text.AsSpan(start, end - start).Trim("-.$");
            if (SecretNames.KindOf(name) is { } kind)
            {
                // A name inside a value that was read already gets a short look only, or a text of names alone would cost its square.
                read = Math.Max(read, Values(text, start, end, kind, start < read ? ValueAt.LongestWithin : ValueAt.Longest, spans));
            }
        }
    }

    private static (int Start, int End) Identifier(string text, int at)
    {
        var start = at;
        while (start > 0 && at - start < LongestName && Part(text[start - 1]) && !Escape(text, start - 1))
        {
            start--;
        }

        var end = at;
        while (end < text.Length && end - at < LongestName && Part(text[end]))
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
            return end;
        }

        for (var count = 0; count < 8; count++)
        {
            if (ValueAt.Read(text, place, longest) is not { } found)
            {
                return end;
            }

            end = found.After;
            Add(text, found, place.Prose ? SecretKind.Token : kind, spans);
            if (ValueAt.Next(text, found) is not { } next)
            {
                return end;
            }

            place = place with { At = next };
        }

        return end;
    }

    private static void Add(string text, Value value, SecretKind kind, Spans spans)
    {
        if (spans.StartsLink(value.Start))
        {
            return;
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

            return;
        }

        if (SecretValues.IsSecret(held, kind, value.Quoted))
        {
            spans.Add(value.Start, value.End, kind.Name);
        }
        else if (held.IndexOf(' ') is > 0 and var space && !value.Quoted && SecretValues.LooksRandom(held[..space]) && SecretValues.IsSecret(held[..space], kind, false))
        {
            spans.Add(value.Start, value.Start + space, kind.Name);
        }
    }

    // Cookie: a=b; c=d
    private static void Cookies(string text, Value value, Spans spans)
    {
        const int shortest = 16;
        foreach (var range in text.AsSpan(value.Start, value.End - value.Start).Split(';'))
        {
            var (start, end) = (value.Start + range.Start.Value, value.Start + range.End.Value);
            start += text.AsSpan(start, end - start).IndexOf('=') + 1;
            if (end - start >= shortest && SecretValues.LooksRandom(text.AsSpan(start, end - start)))
            {
                spans.Add(start, end, "cookie");
            }
        }
    }

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
