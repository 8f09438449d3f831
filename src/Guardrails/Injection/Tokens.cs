using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;

namespace McpInfra.Guardrails.Injection;

/// <summary>
/// Reads a text into tokens, through JSON escapes, percent signs, entities, fullwidth and mathematical letters, look-alikes, digits for letters and letters in disorder.
/// One pass, bounded work for each character.
/// </summary>
internal sealed class Tokens(Vocabulary vocabulary)
{
    private const int LongestWord = 32;
    private const int BrailleBlank = 0x2800;
    private const int LongestStem = 24;

    // Letters of a beginning that words of one root share.
    private const int StemLetters = 5;
    private const int ShortestStem = 3;

    // Letters that mean nothing known, of scripts without spaces, make a token for every so many: about a word.
    private const int LettersSpelt = 4;
    private const int LettersDense = 2;

    // Of tags right behind a letter, and of characters that are not seen: fewer hide nothing.
    private const int FewestTags = 4;
    private const int FewestUnseen = 64;
    private static readonly SearchValues<char> UrlStops = SearchValues.Create(" \t\r\n\"'<>)]}\\");
    private static readonly SearchValues<string> Blanks = SearchValues.Create(["={", "=[", "=$", "=<", "=%7B", "/{", "/$", "/["], StringComparison.OrdinalIgnoreCase);
    private static readonly Sign[] Signs = [.. Enumerable.Range(0, 128).Select(code => Of((char)code))];
    private readonly List<Token> read = [];
    private readonly char[] word = new char[LongestWord];
    private readonly WordMemo memo = new();
    private int length, start, letters, digits, latin, alike;
    private readonly char[] dense = new char[LongestStem * 2];
    private int run, unheard;
    private bool hidden, spelling;
    private int tagged, unseen;

    private enum Sign : byte
    {
        /// <summary>May belong to the word before it.</summary>
        Joins,

        /// <summary>Parts words, and means something that depends on what stands around it.</summary>
        Other,

        /// <summary>A letter or digit.</summary>
        Word,

        /// <summary>Only parts words.</summary>
        Parts,

        /// <summary>Only parts words where it stands alone.</summary>
        PartsAlone,

        /// <summary>A colon, which may be a link's.</summary>
        Colon,
    }

    /// <summary>Letters of the last text that were spelt with tag characters.</summary>
    public int HiddenLetters { get; private set; }

    /// <summary>How words of the last text look to be turned.</summary>
    public Turn Turned { get; private set; }

    /// <summary>The tokens of a text. The list is reused by the next call.</summary>
    public List<Token> Read(ReadOnlySpan<char> text)
    {
        read.Clear();
        Reset();
        (run, unheard, tagged, unseen) = (0, 0, 0, 0);
        (hidden, spelling, HiddenLetters, Turned) = (false, false, 0, Turn.None);
        var at = 0;
        while (at < text.Length)
        {
            var sign = text[at] < Signs.Length && !spelling ? Signs[text[at]] : Sign.Joins;
            if (sign is Sign.Word)
            {
                at += Word(text, at) is > 0 and var letters ? letters : Run(text, at);
                continue;
            }

            if (sign is Sign.Parts || (sign is Sign.PartsAlone && (at + 1 == text.Length || text[at + 1] != text[at])))
            {
                End();
                at++;
                continue;
            }

            if (sign is Sign.Colon && (at + 1 == text.Length || text[at + 1] != '/'))
            {
                End();
                Add(Hashes.Colon, 0, at);
                at++;
                continue;
            }

            if (sign is Sign.Other)
            {
                End();
                at = Mark(text, at, 1, text[at]);
                continue;
            }

            var units = Escapes.First(text[at..], out var code);
            at = Take(text, at, units, code);
        }

        End();
        Beginnings.Mark(text, CollectionsMarshal.AsSpan(read));
        return read;
    }

    /// <summary>Whether a script writes words without spaces.</summary>
    public static bool IsDense(char letter) => letter is >= '\u3040' and <= '\u30FF' or >= '\u3400' and <= '\u9FFF' or >= '\uAC00' and <= '\uD7AF' or >= '\uF900' and <= '\uFAFF' || IsSpelt(letter);

    // Thai, Lao, Burmese and Khmer spell words of many letters.
    private static bool IsSpelt(char letter) => letter is >= '\u0E00' and <= '\u0EFF' or >= '\u1000' and <= '\u109F' or >= '\u1780' and <= '\u17FF';

    private static Sign Of(char code) => code switch
    {
        _ when char.IsAsciiLetterOrDigit(code) => Sign.Word,
        '#' or '=' or '-' or '*' or '_' or '`' or '"' or '~' or '+' => Sign.PartsAlone,
        ':' => Sign.Colon,
        '<' or '[' or '{' or '?' or '/' or '.' => Sign.Other,
        '!' or '@' or '$' or '\'' or '\\' or '%' or '&' or '\u007f' => Sign.Joins,
        _ => Sign.Parts,
    };

    // A whole word of ASCII, as most are, is looked up as it stands; 0 when it is none.
    private int Word(ReadOnlySpan<char> text, int at)
    {
        if (length > 0 || !WordKey.TryRead(text[at..], out var key) || vocabulary.Open)
        {
            return 0;
        }

        var behind = at + key.Length;
        var next = text[behind];
        if (next >= Signs.Length || Signs[next] is Sign.Joins || (next == ':' && behind + 1 < text.Length && text[behind + 1] == '/'))
        {
            return 0;
        }

        run = 0;
        if (key.Digits == key.Length)
        {
            Add(Hashes.Number, Lexicon.None, at);
            return key.Length;
        }

        start = at;
        Add(Remembered(key), disguised: false);
        return key.Length;
    }

    private WordMeaning Remembered(WordKey key)
    {
        if (!memo.TryGet(key, out var meaning))
        {
            key.Letters(word);
            (length, digits) = (key.Length, key.Digits);
            meaning = Meaning(word.AsSpan(0, length), Hashes.Of(word.AsSpan(0, length)));
            memo.Keep(key, meaning);
            Reset();
        }

        return meaning;
    }

    // Letters and digits of ASCII, most of most texts, mean themselves; what Take and Letter would do is done for the run of them.
    private int Run(ReadOnlySpan<char> text, int at)
    {
        if (length == 0)
        {
            start = at;
        }

        var run = text[at..];
        var held = word.AsSpan(Math.Min(length, LongestWord));
        var (numbers, taken) = (0, 0);
        for (; taken < run.Length && char.IsAsciiLetterOrDigit(run[taken]); taken++)
        {
            // Setting this bit makes letters small and leaves digits as they are.
            var letter = (char)(run[taken] | 0x20);
            numbers += letter <= '9' ? 1 : 0;
            if (taken < held.Length)
            {
                held[taken] = letter;
            }
        }

        length += taken;
        digits += numbers;
        latin += taken - numbers;
        return taken;
    }

    private int Take(ReadOnlySpan<char> text, int at, int units, int code)
    {
        if (code is >= 0xE0020 and < 0xE007F)
        {
            // Tag characters spell ASCII that nobody sees.
            code -= 0xE0000;
            HiddenLetters++;
            if (!spelling)
            {
                (hidden, spelling) = (true, true);
            }
        }
        else if (spelling && code < 0xE0000)
        {
            spelling = false;
            End();
        }

        if (code >= 127 && (code == 0xE007F || Spotlight.Letters.IsUnseen(code) || code is >= 0x300 and < 0x370))
        {
            Turned |= ++unseen == FewestUnseen ? Turn.Unseen : Turn.None;
            return at + units;
        }

        if (code is > 127 and <= 0xFFFF && IsDense((char)code))
        {
            if (length > 0)
            {
                End();
            }

            Dense((char)code, at);
            return at + units;
        }

        if (code < 128 ? char.IsAsciiLetterOrDigit((char)code) : code != BrailleBlank && (code > 0xFFFF || char.IsLetterOrDigit((char)code) || char.GetUnicodeCategory((char)code) is UnicodeCategory.SpacingCombiningMark or UnicodeCategory.NonSpacingMark or UnicodeCategory.OtherSymbol))
        {
            Letter(code, at);
            return at + units;
        }

        if (code is '\'' or '\u2019' && length > 0)
        {
            return at + units;
        }

        if (code is '@' or '$' or '!' && length > 0 && at + units < text.Length && char.IsAsciiLetterOrDigit(text[at + units]) && length <= LongestWord && char.IsAsciiLetter(word[length - 1]))
        {
            // A sign for a letter inside a word.
            Append(code == '@' ? 'a' : code == '$' ? 's' : 'i');
            digits++;
            return at + units;
        }

        if (code == ':' && length > 0 && text[at..] is [':', '/', '/', ..])
        {
            Reset();
            var stop = text[at..].IndexOfAny(UrlStops);
            stop = stop < 0 ? text.Length : at + stop;
            Add(text[at..stop].ContainsAny(Blanks) || (stop < text.Length && text[stop] == '<') ? Hashes.UrlWithBlank : Hashes.Url, 0, at);
            return stop;
        }

        End();
        return Mark(text, at, units, code);
    }

    private void Letter(int code, int at)
    {
        var folded = Folds.Of(code);
        var look = folded > 127 ? Folds.LookAlike(code) : '\0';
        if (length == 0)
        {
            start = at;
        }

        _ = folded switch
        {
            >= '0' and <= '9' => digits++,
            < 128 => latin++,
            _ when look != 0 => alike++,
            _ => letters++,
        };
        Append(folded <= 0xFFFF ? (char)folded : '\uFFFD');
    }

    private void Append(char letter)
    {
        if (length < LongestWord)
        {
            word[length] = letter;
        }

        length++;
    }

    private void Dense(char letter, int at)
    {
        if (run == dense.Length)
        {
            dense.AsSpan(LongestStem).CopyTo(dense);
            run = LongestStem;
        }

        dense[run++] = letter;
        var kind = Lexicon.OfEnding(dense.AsSpan(0, run));
        if (kind != Lexicon.None || ++unheard >= (IsSpelt(letter) ? LettersSpelt : LettersDense))
        {
            unheard = 0;
            Add(kind == Lexicon.None ? Hashes.Dense : Hashes.OfClass(kind), kind, at);
        }
    }

    private void End()
    {
        run = 0;
        if (length > 0)
        {
            EndWord();
        }
    }

    private void EndWord()
    {
        var held = word.AsSpan(0, Math.Min(length, LongestWord));
        Turned |= length >= WordsTogether.Shortest && latin >= WordsTogether.Shortest ? Turn.Together : Turn.None;
        if (length > LongestWord)
        {
            Add(Hashes.Blob, 0, start);
        }
        else if (digits == length)
        {
            Add(Hashes.Number, 0, start);
        }
        else
        {
            Word(held);
        }

        Reset();
    }

    private void Word(Span<char> held)
    {
        var mixed = alike > 0 && latin > 0;
        if (mixed)
        {
            foreach (ref var letter in held)
            {
                letter = Folds.LookAlike(letter) is var look && look != 0 ? look : letter;
            }
        }

        Add(Meaning(held, Hashes.Of(held)), disguised: mixed);
    }

    private void Add(WordMeaning meaning, bool disguised)
    {
        Turned |= meaning.Turned;
        Add(meaning.Hash, meaning.Class, start, meaning.Stem, disguised || meaning.Disguised);
    }

    // The first letters of a word in disguise are not its own.
    private WordMeaning Meaning(Span<char> held, uint named) =>
        OfItself(held, named) is var meaning && (meaning.Disguised || digits > 0 || held.Length < ShortestStem) ? meaning : meaning with { Stem = Hashes.Of(held[..Math.Min(held.Length, StemLetters)]) };

    private WordMeaning OfItself(Span<char> held, uint named)
    {
        if (digits > 0)
        {
            return vocabulary.TryLeet(held, out var plain) ? new(plain.Hash, plain.Class, Disguised: true, Turn.None) : new(Hashes.Id, Lexicon.None, Disguised: false, Turn.None);
        }

        vocabulary.Meet(named, held);
        if (vocabulary.TryGet(named, out var known))
        {
            return new(known.Hash, known.Class, Disguised: false, Turn.None);
        }

        if (vocabulary.TryDisordered(held, out var ordered))
        {
            return new(ordered.Hash, ordered.Class, Disguised: true, Turn.None);
        }

        var kind = Lexicon.OfBeginning(held); // The vocabulary has every word that the lexicon lists whole.
        return new(vocabulary.Open ? named : kind == Lexicon.None ? Hashes.Unknown : Hashes.OfClass(kind), kind, Disguised: false, TurnedWords.Of(held));
    }

    // Marks that open or close something for a model; everything else only parts words.
    private int Mark(ReadOnlySpan<char> text, int at, int units, int code)
    {
        var rest = text[at..];
        var run = 1;
        if (code is '#' or '=' or '-' or '*' or '_' or '`' or '"' or '~' or '+')
        {
            run = rest.IndexOfAnyExcept((char)code);
            run = run < 0 ? rest.Length : run;
            if (run >= 3 && units == 1)
            {
                Add(Hashes.Fence, 0, at);
                return at + run;
            }

            return at + Math.Max(units, units == 1 ? run : 0);
        }

        var mark = code switch
        {
            '<' when rest.StartsWith("<!--") => Hashes.Comment,
            '<' when rest.StartsWith("<|") => Hashes.Special,
            '<' when rest.Length > 1 && (char.IsAsciiLetter(rest[1]) || rest[1] is '/') => Hashes.Tag,
            '[' when rest.Length > 1 && (char.IsAsciiLetter(rest[1]) || rest[1] is '/' or '[') => Hashes.Bracket,
            '!' when rest.StartsWith("![") => Hashes.Image,
            '!' => Hashes.Bang,
            '{' when rest.Length > 1 && (char.IsAsciiLetter(rest[1]) || rest[1] == '{') => Hashes.Brace,
            ':' => Hashes.Colon,
            '?' => Hashes.Question,
            '/' or '.' or '@' when rest.Length > 1 && char.IsAsciiLetterOrDigit(rest[1]) && at > 0 && char.IsAsciiLetterOrDigit(text[at - 1]) => Hashes.Joined,
            _ => 0u,
        };
        if (mark == Hashes.Tag && at > 0 && char.IsLetter(text[at - 1]) && ++tagged == FewestTags)
        {
            Turned |= Turn.Tagged;
        }

        if (mark != 0)
        {
            Add(mark, 0, at);
        }

        return at + units;
    }

    private void Add(uint hash, byte kind, int at, uint stem = 0, bool disguised = false)
    {
        if (hidden)
        {
            hidden = false;
            read.Add(new Token(Hashes.Hidden, 0, at));
        }

        read.Add(new Token(hash, kind, at, stem, disguised));
    }

    private void Reset() => (length, letters, digits, latin, alike) = (0, 0, 0, 0, 0);
}
