using System.Buffers;
using System.Collections.Frozen;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds what a sentence tells behind its word for a secret: `the password of the user root is …`, `pw for the vpn is …`, `Токен доступа к API: …`.</summary>
internal static class Sentence
{
    private const int Reach = 90;
    private const int MostWords = 9;
    private const int Shortest = 8;
    private const int ShortestTold = 6;
    private const int ShortestPlain = 20;
    private static readonly SearchValues<char> Signs = SearchValues.Create("!@#$%^&*+=~?");
    private static readonly SearchValues<char> Closers = SearchValues.Create("\"'`*)]:：");
    private static readonly SearchValues<char> Before = SearchValues.Create("\\\"'`*_([«“„‘:：-–—→=");
    private static readonly SearchValues<char> After = SearchValues.Create("\\\"'`*_,;:.)]»”“’：");
    private static readonly SearchValues<char> Gaps = SearchValues.Create(" ，。、；");
    private static readonly SearchValues<char> Stops = SearchValues.Create("={}<>[]|\n\r\t");

    // Whoever says one of these between speaks of something else.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Others = Set(
        "id ids hash hashes digest fingerprint checksum sum sha1 sha256 sha512 md5 serial commit version build length policy expires expired until since trace request span name named called path file arn uuid");

    // Words that say that the value comes next.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Told = Set(
        "is was are be to now currently : = - – — → = ist lautet war es son era est sont sera è sono é são jest to są je jsou är er on var это есть такой є use enter eingeben these this");

    /// <summary>Where the value stands that is told behind a position, or null.</summary>
    /// <param name="text">The text.</param>
    /// <param name="end">Behind the word for a secret.</param>
    /// <param name="named">Whether the word names a secret by itself; else the value must be long or look as nobody writes by chance.</param>
    /// <param name="told">Whether the value comes next already.</param>
    public static (int Start, int End)? Find(string text, int end, bool named, bool told = false)
    {
        var rest = text.AsSpan(end, Math.Min(Reach, text.Length - end));
        if (rest.IndexOfAnyExcept(Closers) is not (>= 0 and var word) || (rest[word] != ' ' && char.IsAscii(rest[word]) && !told))
        {
            return null; // Not the end of a word.
        }

        rest = rest.IndexOfAny(Stops) is >= 0 and var stop ? rest[..stop] : rest;
        rest = rest.IndexOf("\\n") is >= 0 and var line ? rest[..line] : rest;
        var at = 0;
        for (var words = 0; words < MostWords; words++)
        {
            at += rest[at..].IndexOfAnyExcept(Gaps) is >= 0 and var gap ? gap : rest.Length - at;
            var length = rest[at..].IndexOfAny(Gaps) is >= 0 and var space ? space : rest.Length - at;
            if (length == 0 || at + length == Reach)
            {
                return null;
            }

            var next = rest.Slice(at, length);
            var (from, to) = Bare(next);
            var bare = next[from..to];
            var quoted = from > 0 && next[from - 1] is '"' or '\'' or '`' or '“' or '«' or '„' or '\\';
            if (IsToken(bare, told, quoted, named))
            {
                return (end + at + from, end + at + to);
            }

            if ((next[0] == '-' && length > 1) || !IsWord(bare) || Others.Contains(bare) || (words > 0 && length > to && next[^1] is '.' or '!' or ';' or '?'))
            {
                return null;
            }

            told = next[^1] is ':' or '：' || (to > from ? Told.Contains(bare) : next is not ("(" or ")"));
            at += length;
        }

        return null;
    }

    private static bool IsToken(ReadOnlySpan<char> word, bool told, bool quoted, bool named)
    {
        if (word.Length < ShortestTold || !word.ContainsAnyInRange('0', '9') || word.IndexOfAny('/', '\\') >= 0 || !char.IsAscii(word[0]) || SecretValues.IsPlaceholder(word) || SecretValues.IsReference(word) || IsAddress(word))
        {
            return false;
        }

        var (upper, lower, sign) = (word.ContainsAnyInRange('A', 'Z'), word.ContainsAnyInRange('a', 'z'), word.ContainsAny(Signs));
        if (!named || !((upper && lower) || sign))
        {
            return word.Length >= ShortestPlain && SecretValues.LooksRandom(word) && (named || told || (upper && lower)) && !Guid.TryParseExact(word, "D", out _);
        }

        return word.Length >= Shortest && (sign || SecretValues.LooksRandom(word)) && (told || quoted || sign || SecretValues.Turns(word) * 3 >= word.Length);
    }

    private static bool IsAddress(ReadOnlySpan<char> word) => word.IndexOf('@') is > 0 and var at && word[at..].Contains('.');

    // Letters of any language, with what stands within and around words.
    private static bool IsWord(ReadOnlySpan<char> word)
    {
        foreach (var letter in word)
        {
            if (!char.IsLetter(letter) && !char.IsDigit(letter) && letter is not ('-' or '\'' or '’' or '.' or '_' or '@') && char.GetUnicodeCategory(letter) is not (System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark))
            {
                return false;
            }
        }

        return true;
    }

    private static (int From, int To) Bare(ReadOnlySpan<char> word)
    {
        var from = word.IndexOfAnyExcept(Before);
        if (from < 0)
        {
            return (0, 0);
        }

        var to = word.LastIndexOfAnyExcept(After);
        return to < from ? (0, 0) : (from, to + 1);
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
