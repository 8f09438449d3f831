using System.Buffers;
using System.Collections.Frozen;

namespace McpInfra.Guardrails.Redaction;

/// <summary>
/// Finds credentials of issuers nobody told us of: one or more short words, each with a separator behind it, and then something random (`acme_live_…`, `xyz-pat-…`, `vnd.tok.…`).
/// Words that name an id, a hash or a public key make it none.
/// </summary>
internal static class PrefixedScan
{
    /// <summary>How tokens name them.</summary>
    public const string Kind = "token";

    private const int Shortest = 20;
    private const int Longest = 200;
    private const int LongestWord = 12;
    private const int MostWords = 4;
    private const int ShortWord = 3;
    private const int MostParts = 4;
    private const int LeastOfKnownWord = 14;
    private const int LeastMixed = 20;
    private const int LeastPlain = 24;
    private const int LeastPlainOfUnknownWord = 38;
    private const int FewestDigits = 4;
    private static readonly SearchValues<char> Digits = SearchValues.Create(Alphabet.Digit);
    private static readonly Runs Random = new(Alphabet.Lower + Alphabet.Upper + Alphabet.Digit + "_-", Shortest);
    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet.Lower + Alphabet.Upper + Alphabet.Digit + "_-");

    private static readonly SearchValues<char> Base64 = SearchValues.Create(Alphabet.Lower + Alphabet.Upper + Alphabet.Digit + "+/");

    // Words of which one says that what follows is a credential.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Telling = Set(
        "sk rk ssk psk ak tk tok token key apikey apitoken secret secrets sec pat pats api live test prod priv private access auth pwd pass cred creds bot whsec webhook signing oauth refresh personal sdk jwt pw rt uat ser mgmt license");

    // Words of which the first says that what follows is an id or a hash.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Ids = Set(
        "sha sha1 sha224 sha256 sha384 sha512 md5 crc h1 zh etag rev commit build image digest hash git ref id ids uid uuid guid trace span req request run job task session pk pub public publishable anon price prod plan cus sub pi pm seti ch evt in acct txn org proj project user usr " +
        "team file asst thread msg resp chatcmpl call toolu diff lic batch ws wksp client app role arn i vpc subnet sg eni ami vol snap rtb igw nat acl eipalloc lt fs tgw pl cert css js chunk main index bundle asset assets font img page blob layer node pod nonce svc- cluster release tag branch doc docs figure table section anchor toc user-content");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Public = Set("pk pub public publishable anon pubkey fingerprint");

    public static void Run(string text, Spans spans)
    {
        var at = 0;
        while (Random.Next(text, at) is (var start, > 0 and var length))
        {
            at = start + length;
            if (length <= Longest && !spans.Cover(start) && !Within(text, start))
            {
                Look(text, Start(text, start), at, spans);
            }
        }
    }

    // What stands in the middle of base64 or of a percent escape begins nothing.
    private static bool Within(string text, int start) => start > 1 && text[start - 1] is '+' && char.IsAsciiLetterOrDigit(text[start - 2]);

    // Words that end with a full stop may stand before the run: vnd.tok.…
    private static int Start(string text, int start)
    {
        for (var words = 0; words < MostWords && start > 1 && text[start - 1] == '.'; words++)
        {
            var word = start - 1;
            while (word > 0 && start - word <= LongestWord && char.IsAsciiLetterOrDigit(text[word - 1]))
            {
                word--;
            }

            if (start - 1 - word < 2 || (word > 0 && (char.IsAsciiLetterOrDigit(text[word - 1]) || text[word - 1] is '_' or '-' or '/')))
            {
                return start;
            }

            start = word;
        }

        return start;
    }

    private static void Look(string text, int start, int end, Spans spans)
    {
        start = Escaped(text, start);
        var run = text.AsSpan(start, end - start);
        if (SecretValues.IsTypedKey(run))
        {
            spans.Add(start, end, "key");
            return;
        }

        var whole = Continued(text, end);
        if (!MayBeRandom(text.AsSpan(start, whole - start)))
        {
            return;
        }

        var at = 0;
        Span<char> word = stackalloc char[LongestWord];
        var (telling, first) = (false, true);
        for (var words = 0; words < MostWords && Word(run[at..]) is > 0 and var length; words++)
        {
            var named = word[..run.Slice(at, length).ToLowerInvariant(word)];
            if (Public.Contains(named) || (first && Ids.Contains(named)))
            {
                return;
            }

            telling |= Telling.Contains(named) && !(first && named is "test" or "live" or "prod" && !run.ContainsAnyInRange('A', 'Z'));
            first = false;
            at += length + 1;
        }

        if (first || (!telling && IsId(text, start)))
        {
            return;
        }

        // The beginning of base64 for links may look like a word of two letters; then the rest is seldom without a separator.
        if (!telling && at <= ShortWord && text.AsSpan(start + at, whole - start - at).ContainsAny('_', '-'))
        {
            return;
        }

        if (IsRandom(text.AsSpan(start + at, whole - start - at), telling, run[at - 1]) && !SecretValues.IsPlaceholder(text.AsSpan(start, whole - start)))
        {
            spans.Add(start, whole, Kind);
        }
    }

    // What most words that hang together lack and IsRandom wants: capitals beside a digit, or several digits.
    private static bool MayBeRandom(ReadOnlySpan<char> whole) =>
        whole.IndexOfAnyInRange('0', '9') is >= 0 and var digit && (whole.ContainsAnyInRange('A', 'Z') || whole[digit..].CountAny(Digits) >= FewestDigits);

    // "Id": "…", --distribution-id …, arn:…/…: whoever calls it an id does not log in with it.
    private static bool IsId(string text, int start)
    {
        var before = text.AsSpan(Math.Max(0, start - 8), Math.Min(8, start)).TrimEnd("\"'\\ :=");
        return (start > 0 && text[start - 1] is '/' or '#') || before.EndsWith("id", StringComparison.OrdinalIgnoreCase);
    }

    // The letter of \n, \r or \t is no part of what stands behind it.
    private static int Escaped(string text, int start) => start > 0 && text[start - 1] == '\\' && text[start] is 'n' or 'r' or 't' ? start + 1 : start;

    // Further random parts behind a full stop, and the filling of base64.
    private static int Continued(string text, int end)
    {
        for (var parts = 0; parts < MostParts && end + 1 < text.Length && text[end] is '.' or ':' && text.AsSpan(end + 1).IndexOfAnyExcept(Letters) is var length && (length < 0 ? text.Length - end - 1 : length) is >= Shortest and var more; parts++)
        {
            end += more + 1;
        }

        end = InBase64(text, end);
        var filled = end;
        while (filled < text.Length && text[filled] == '=' && filled - end < 2)
        {
            filled++;
        }

        return filled < text.Length && char.IsAsciiLetterOrDigit(text[filled]) ? end : filled;
    }

    // A body in base64 may have the two letters that words have not; what only looks so is the path of a link.
    private static int InBase64(string text, int end)
    {
        var rest = text.AsSpan(end, Math.Min(Longest, text.Length - end));
        var length = rest.IndexOfAnyExcept(Base64) is >= 0 and var stop ? stop : rest.Length;
        return length > 0 && (rest[..length].Contains('+') || rest[length..].StartsWith("=")) ? end + length : end;
    }

    // Letters of one case, digits only at their end, and a separator.
    private static int Word(ReadOnlySpan<char> run)
    {
        var length = 0;
        var upper = !run.IsEmpty && char.IsAsciiLetterUpper(run[0]);
        while (length < run.Length && length <= LongestWord && (upper ? char.IsAsciiLetterUpper(run[length]) : char.IsAsciiLetterLower(run[length])))
        {
            length++;
        }

        var digits = 0;
        while (length + digits < run.Length && char.IsAsciiDigit(run[length + digits]))
        {
            digits++;
        }

        // e2b_, s4t2_: a digit among letters of a very short word.
        var inner = 0;
        while (digits > 0 && length + digits <= 4 && length + digits + inner < run.Length && inner < 3 && char.IsAsciiLetterLower(run[length + digits + inner]))
        {
            inner++;
        }

        var whole = length + digits + inner;
        return length > 0 && digits <= 2 && whole is > 1 and <= LongestWord && whole < run.Length && run[whole] is '_' or '-' or '.' ? whole : 0;
    }

    private static bool IsRandom(ReadOnlySpan<char> body, bool telling, char separator)
    {
        var (upper, lower, digits, turns, count, last, longest, current) = (0, 0, 0, 0, 0, 0, 0, 0);
        foreach (var letter in body)
        {
            var kind = char.IsAsciiLetterUpper(letter) ? 1 : char.IsAsciiLetterLower(letter) ? 2 : char.IsAsciiDigit(letter) ? 3 : 0;
            if (kind == 0)
            {
                current = 0;
                continue;
            }

            (upper, lower, digits) = (upper + (kind == 1 ? 1 : 0), lower + (kind == 2 ? 1 : 0), digits + (kind == 3 ? 1 : 0));
            turns += kind != last && last != 0 ? 1 : 0;
            last = kind;
            count++;
            current++;
            longest = Math.Max(longest, current);
        }

        if (count < LeastOfKnownWord || longest < 8)
        {
            return false;
        }

        if (upper > 1 && lower > 1 && digits > 0)
        {
            return turns * 3 >= count && (telling || (count >= LeastMixed && longest >= 10 && digits > 1));
        }

        var letters = upper + lower;
        return digits >= FewestDigits && letters > 3 && turns * 4 >= count && longest >= 16 && (telling ? count >= LeastPlain : count >= LeastPlainOfUnknownWord && separator is '_' or '.');
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
