using System.Buffers;
using System.Collections.Frozen;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds what words for passwords, keys and tokens name whose languages are not written in ASCII alone, with spaces between words and without.</summary>
internal static class ForeignNames
{
    private const int LongestEnding = 24;
    private const int Longest = 128;

    private static readonly FrozenDictionary<string, SecretKind> Kinds = Kind(SecretKind.Password,
            "пароль пароля паролем паролю парола лозинка лозинку құпиясөз нууцүг contraseña şifre şifresi parolă hasło hasła lösenord salasõna jelszó heslá slaptažodį slaptažodis κωδικός συνθηματικό " +
            "パスワード 暗証番号 合言葉 密码 密碼 口令 비밀번호 패스워드 암호 المرور السر سيسما סיסמה סיסמא گذرواژه رمز पासवर्ड पासवर्डः পাসওয়ার্ড கடவுச்சொல் పాస్వర్డ్ รหัสผ่าน khẩu ගුප්තපදය პაროლი գաղտնաբառ የይለፍ ລະຫັດຜ່ານ ពាក្យសម្ងាត់")
        .Concat(Kind(SecretKind.Token, "токен токена ключ ключа トークン シークレット キー 令牌 密钥 密鑰 金鑰 토큰 키 clé schlüssel klíč nøgle nøkkel jeton κλειδί מפתח مفتاح कुंजी khóa"))
        .SelectMany(one => new[] { one, KeyValuePair.Create(char.ToUpperInvariant(one.Key[0]) + one.Key[1..], one.Value), KeyValuePair.Create(one.Key.ToUpperInvariant(), one.Value) })
        .DistinctBy(one => one.Key).ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly SearchValues<string> Words = SearchValues.Create([.. Kinds.Keys], StringComparison.Ordinal);
    private static readonly int Shortest = Kinds.Keys.Min(word => word.Length);
    private static readonly int LongestWord = Kinds.Keys.Max(word => word.Length);
    private static readonly SearchValues<char> Ends = SearchValues.Create(" \t\r\n\"'`<>|,;，。、；」』】）)]”»");

    /// <summary>What kind of secret the word names, or null for none.</summary>
    public static SecretKind? KindOf(ReadOnlySpan<char> word) => Kinds.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out var kind) ? kind : null;

    /// <summary>Adds what they name.</summary>
    public static void Run(string text, Spans spans)
    {
        for (var at = 0; text.AsSpan(at).IndexOfAny(Words) is >= 0 and var hit; at++)
        {
            at += hit;
            var (kind, length) = Word(text, at);
            var end = at + length;
            for (var ending = 0; ending < LongestEnding && end < text.Length && !char.IsAscii(text[end]) && text[end] is not ('：' or '，' or '。' or '、' or '「' or '『') && (char.IsLetter(text[end]) || char.IsSurrogate(text[end]) || char.GetUnicodeCategory(text[end]) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark); ending++)
            {
                end++;
            }

            if (!spans.Cover(at))
            {
                Look(text, end, kind, WithoutSpaces(text[at]), spans);
            }

            at = Math.Max(at, end - 1);
        }
    }

    private static void Look(string text, int end, SecretKind kind, bool told, Spans spans)
    {
        var at = Skip(text, end, " \t\"'`*)」』】»");
        if (at < text.Length && text[at] is ':' or '：' or '=' or '＝')
        {
            var start = Skip(text, at + 1, " \t\"'`*=>「『【«“„\\");
            var stop = text.AsSpan(start, Math.Min(Longest, text.Length - start)).IndexOfAny(Ends) is >= 0 and var length ? start + length : Math.Min(text.Length, start + Longest);
            stop = text.AsSpan(start, stop - start).IndexOf('\\') is >= 0 and var escape ? start + escape : stop;
            if (stop > start && char.IsAscii(text[start]) && SecretValues.IsSecret(text.AsSpan(start, stop - start), kind, text[start - 1] is '"' or '\'' or '`' or '「' or '«' or '“' or '„'))
            {
                spans.Add(start, stop, kind.Name);
            }

            return;
        }

        if (Sentence.Find(text, end, kind.Any, told) is (var from, var to))
        {
            spans.Add(from, to, kind.Name);
        }
    }

    private static (SecretKind Kind, int Length) Word(string text, int at)
    {
        var words = Kinds.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = Math.Min(LongestWord, text.Length - at); length >= Shortest; length--)
        {
            if (words.TryGetValue(text.AsSpan(at, length), out var kind))
            {
                return (kind, length);
            }
        }

        return (SecretKind.Token, 1);
    }

    // Chinese, Japanese, Korean, Thai, Lao and Khmer say "is" in the word itself.
    private static bool WithoutSpaces(char letter) => letter is >= '\u0E00' and <= '\u0EFF' or >= '\u1780' and <= '\u17FF' or >= '\u3040' and <= '\u9FFF' or >= '\uAC00' and <= '\uD7AF';

    private static int Skip(string text, int at, ReadOnlySpan<char> letters)
    {
        while (at < text.Length && letters.Contains(text[at]))
        {
            at++;
        }

        return at;
    }

    private static IEnumerable<KeyValuePair<string, SecretKind>> Kind(SecretKind kind, string words) => words.Split(' ').Select(word => KeyValuePair.Create(word, kind));
}
