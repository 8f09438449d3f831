using System.Buffers;
using System.Collections.Frozen;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Tells whether what a secret's name holds is a secret, or a reference, a placeholder, a mask or a ciphertext.</summary>
internal static class SecretValues
{
    private const int LongestMask = 64;
    private const int LongestLinked = 1024;
    private const int LongestWordOfName = 20;
    private const int LongEnoughHex = 16;
    private const int ShortestOfSomeKey = 20;
    private const int ShortestHeader = 20;

    private static readonly FrozenSet<string> Words = new[]
    {
        "true", "false", "null", "none", "nil", "yes", "no", "on", "off", "string", "number", "bool", "boolean", "object", "any", "required", "optional", "undefined", "unset", "empty", "enabled", "disabled", "default",
        "password", "passwd", "pass", "secret", "token", "apikey", "api_key", "api-key", "key", "changeme", "change_me", "change-me", "todo", "tbd", "n/a", "na", "redacted", "masked", "hidden", "sensitive", "removed", "example", "foo", "bar", "test",
        "basic", "bearer", "digest", "negotiate", "sha256", "sha512", "rsa", "ed25519", "hmac", "plain", "username", "user", "value", "text", "unknown", "str", "int", "never", "always", "auto", "manual", "rotate", "opaque", "kubernetes", "file", "env", "and", "or", "is", "for", "the", "a", "to", "in",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] References =
    [
        "arn:", "/subscriptions/", "projects/", "${", "$(", "$[", "{{", "<%", "%(", "!Ref", "!Sub", "!GetAtt", "!Join", "!ImportValue", "!reference", "!secret", "!vault", "!encrypted", "var.", "local.", "data.", "module.", "each.", "self.", "random_", "process.env", "os.environ", "os.Getenv", "os.getenv",
        "env.", "ENV[", "env(", "getenv", "System.getenv", "Environment.", "@Microsoft.KeyVault", "vault:", "secret/", "secrets/", "ssm:", "awssm:", "awskms:", "op://", "ref+", "secretsmanager:", "keyvault:", "gcp-sm:", "sm://", "secrets.", "parameter.", "(known after", "(sensitive", "(var.",
        "ENC[", "$ANSIBLE_VAULT", "AQICAH", "vault:v", "-----BEGIN CERT", "-----BEGIN PUBLIC", "-----BEGIN RSA PUBLIC", "-----BEGIN AGE ENC", "-----BEGIN PGP MESSAGE", "-----BEGIN PGP PUBLIC", "ssh-rsa", "ssh-ed25519", "ecdsa-", "$2a$", "$2b$", "$2y$", "$1$", "$5$", "$6$", "$7$", "$y$", "$gy$", "$apr1$", "$argon2", "$pbkdf2", "pbkdf2", "scrypt:", "{SSHA", "{SHA", "bcrypt",
        "sha256:", "sha512-", "sha256-", "sha384-", "h1:", "zh:", "data:", "age1", "http://", "https://", "file://", "file:", "s3://", "gs://", "kms:", "aws_", "azurerm_", "google_", "kubernetes_", "path.", "config.", "settings.", "options.", "this.", "args.", "props.", "request.", "ctx.", "context.",
    ];

    private static readonly SearchValues<string> Placeholders = SearchValues.Create(
        ["your_", "your-", "your ", "yourpass", "yourtok", "yoursec", "yourkey", "yourapi", "<your", "replace", "placeholder", "redacted", "changeme", "change_me", "change-me", "insert_", "insert-", "_here", "-here", "dummy", "****", "xxxx", "....", "sample", "not-a-real", "not_a_real", "fake-", "fake_", "to-be-", "••"],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> Hex = SearchValues.Create(Alphabet.Digit + "abcdefABCDEF");
    private static readonly SearchValues<char> Name = SearchValues.Create(Alphabet.Lower + Alphabet.Upper + Alphabet.Digit + "_");
    private static readonly SearchValues<char> Dotted = SearchValues.Create(Alphabet.Lower + Alphabet.Upper + Alphabet.Digit + "_.:");
    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet.Lower + Alphabet.Upper);
    private static readonly SearchValues<char> Chained = SearchValues.Create(Alphabet.Lower + Alphabet.Upper + ".");
    private static readonly SearchValues<char> Phrase = SearchValues.Create(Alphabet.Lower + " ");
    private static readonly SearchValues<char> Algorithm = SearchValues.Create(Alphabet.Lower + Alphabet.Digit + "-");
    private static readonly SearchValues<char> Grouped = SearchValues.Create(Alphabet.Upper + Alphabet.Digit + "-");
    private static readonly SearchValues<char> Typed = SearchValues.Create(Alphabet.Lower + Alphabet.Upper + Alphabet.Digit + " ");
    private static readonly SearchValues<char> Coded = SearchValues.Create(Alphabet.Lower + Alphabet.Upper + Alphabet.Digit + "-");
    private static readonly SearchValues<char> Base32 = SearchValues.Create(Alphabet.Upper + "234567");
    private static readonly SearchValues<char> Path = SearchValues.Create(Alphabet.Lower + Alphabet.Digit + Alphabet.Upper + "/_-.*");
    private static readonly SearchValues<char> HostName = SearchValues.Create(Alphabet.Lower + Alphabet.Digit + "-.:/_");

    /// <summary>Whether a value under a name of this kind is a secret.</summary>
    public static bool IsSecret(ReadOnlySpan<char> value, SecretKind kind, bool quoted)
    {
        value = value.Trim();
        if (value.Length < 3 || SecretTokens.LengthAt(value) > 0 || IsReference(value) || IsPlaceholder(value) || (!quoted && IsCode(value, kind)))
        {
            return false;
        }

        // What a link escapes stands for something else all the same.
        if (value.Contains('%') && value.Length <= LongestLinked && Uri.UnescapeDataString(value) is { Length: >= 3 } plain && plain.Length < value.Length && (IsReference(plain) || IsPlaceholder(plain)))
        {
            return false;
        }

        return ReferenceEquals(kind, SecretKind.Id) ? Guid.TryParse(value, out _)
            : ReferenceEquals(kind, SecretKind.Code) ? IsCode(value)
            : ReferenceEquals(kind, SecretKind.SomeKey) ? value.Length >= ShortestOfSomeKey && LooksRandom(value)
            : ReferenceEquals(kind, SecretKind.Login) ? IsLogin(value) || (value.IndexOfAny(':', '/') is > 0 and var parted && LooksRandom(value[(parted + 1)..])) || (value.Length >= ShortestHeader && !value.Contains('=') && LooksRandom(value))
            : kind.Any ? !IsProse(value) || (quoted && value.Length <= 40 && value.Count(' ') <= 1 && LooksRandom(value)) || AreGroups(value) || (ReferenceEquals(kind, SecretKind.Phrase) && quoted && IsPhrase(value))
            : IsBase32(value) || AreGroups(value) || (ReferenceEquals(kind, SecretKind.Secret) && IsMnemonic(value)) || (!IsProse(value) && (LooksRandom(value) || (quoted && value.Length >= 6 && HasDigitAndLetter(value) && !IsName(value))));
    }

    /// <summary>Whether it stands for a value that is elsewhere, or is a ciphertext, a hash or a public key.</summary>
    public static bool IsReference(ReadOnlySpan<char> value)
    {
        foreach (var reference in References)
        {
            if (value.StartsWith(reference, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return (value[0] == '$' && (!value[1..].ContainsAnyExcept(Name) || IsCrypt(value))) || (value[0] == '%' && value[^1] == '%') || (value[0] == '<' && value[^1] == '>') || (value[0] == '{' && value[^1] == '}' && !IsMixed(value))
            || (value.Length >= 200 && value.StartsWith("Ag")) || (value.Contains("}}", StringComparison.Ordinal) && !value.Contains("{{", StringComparison.Ordinal)) || IsPath(value) || IsCall(value) || IsAccount(value);
    }

    // DOMAIN\user of Windows; two backslashes where it is escaped.
    private static bool IsAccount(ReadOnlySpan<char> value) =>
        value.IndexOf('\\') is > 0 and var domain && !value[..domain].ContainsAnyExcept(Letters) && value[domain..].TrimStart('\\') is { IsEmpty: false } user && !user.ContainsAnyExcept(Chained);

    // $algorithm$…: a hash as crypt writes it.
    private static bool IsCrypt(ReadOnlySpan<char> value) => value[1..].IndexOf('$') is > 0 and < 14 and var algorithm && value.Length > 20 && !value.Slice(1, algorithm).ContainsAnyExcept(Algorithm);

    /// <summary>Whether somebody is meant to put the value there, or somebody has masked it.</summary>
    public static bool IsPlaceholder(ReadOnlySpan<char> value) =>
        value.IsEmpty || SecretTokens.LengthAt(value) > 0 || IsDocumentation(value) || value.StartsWith("${") || value.StartsWith("$(") || value.StartsWith("{{") || (value[0] == '$' && !value[1..].ContainsAnyExcept(Name)) || value[0] == '<' || IsAlias(value)
        || (value[0] == '[' && value[^1] == ']') || value[0] == '(' || (value.Length <= 12 && Words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(value)) || IsMasked(value)
        || (value.Length <= 80 && value.ContainsAny(Placeholders));

    // *anchor, as YAML has it, or stars; a password may start with one.
    private static bool IsAlias(ReadOnlySpan<char> value) => value[0] == '*' && (value.Length == 1 || value[1] == '*' || (!value[1..].ContainsAnyExcept(Path) && !LooksRandom(value[1..])));

    /// <summary>Whether it ends as the keys of cloud providers' documentation do, which chance never writes.</summary>
    public static bool IsDocumentation(ReadOnlySpan<char> value) => value.EndsWith("EXAMPLE") || value.EndsWith("EXAMPLEKEY");

    /// <summary>Whether it is made of so few different characters that it hides or stands for something.</summary>
    public static bool IsMasked(ReadOnlySpan<char> value)
    {
        if (value.Length < 4)
        {
            return false;
        }

        var seen = 0UL;
        var high = 0UL;
        foreach (var letter in value[..Math.Min(value.Length, LongestMask)])
        {
            var folded = letter & 0x7F;
            if (folded < 64)
            {
                seen |= 1UL << folded;
            }
            else
            {
                high |= 1UL << (folded - 64);
            }
        }

        var different = System.Numerics.BitOperations.PopCount(seen) + System.Numerics.BitOperations.PopCount(high);
        return different <= (value.Length >= 12 ? 3 : 1);
    }

    /// <summary>Whether chance could have written it: long, and of digits and letters in no order that a name has.</summary>
    public static bool LooksRandom(ReadOnlySpan<char> value)
    {
        return value.Length >= 8 && !value.Contains(' ') && IsMixed(value) && !IsName(value);
    }

    // Random text of one case and digits turns from one group to another about every third character; names and paths seldom do.
    private static bool IsMixed(ReadOnlySpan<char> value)
    {
        if (value.Length >= LongEnoughHex && !value.ContainsAnyExcept(Hex))
        {
            return value.ContainsAnyInRange('0', '9') && value.ContainsAnyExceptInRange('0', '9');
        }

        int digits = 0, lower = 0, upper = 0, other = 0, turns = 0;
        var previous = 0;
        foreach (var letter in value)
        {
            var group = char.IsAsciiDigit(letter) ? 1 : char.IsAsciiLetterLower(letter) ? 2 : char.IsAsciiLetterUpper(letter) ? 3 : 4;
            turns += group != previous && previous != 0 ? 1 : 0;
            previous = group;
            _ = group switch { 1 => digits++, 2 => lower++, 3 => upper++, _ => other++ };
        }

        return digits + upper > 0 && digits + lower + upper > other * 3 && turns * (value.Length >= 20 ? 6 : 5) >= value.Length && (digits >= 2 || (upper >= 2 && lower >= 2));
    }


    private static bool IsPath(ReadOnlySpan<char> value) =>
        (value[0] is '/' or '~' or '.' || (value.Length > 2 && value[1] == ':' && value[2] == '\\')) && !value.ContainsAnyExcept(Path) && value[1..].ContainsAny('/', '.', '_') && (value.Length < 30 || value.Count('/') * 12 >= value.Length) && !(value.Length >= 30 && IsMixed(value));

    // client.List(new, Set("a, masked[at: code goes on where a value would end.
    private static bool IsCode(ReadOnlySpan<char> value, SecretKind kind)
    {
        // String! of a schema, a.b.c of code, Get-Secret of a shell.
        if (value.IndexOf('-') is > 2 and var hyphen && hyphen + 2 < value.Length && char.IsAsciiLetterUpper(value[0]) && char.IsAsciiLetterUpper(value[hyphen + 1]) && char.IsAsciiLetterLower(value[1]) && char.IsAsciiLetterLower(value[^1]) && !value[..hyphen].ContainsAnyExcept(Letters) && !value[(hyphen + 1)..].ContainsAnyExcept(Letters))
        {
            return true;
        }

        // SecretString of a field, [A.B]::new( of a shell.
        if (value.Contains("]::", StringComparison.Ordinal) || (char.IsAsciiLetterUpper(value[0]) && (value.EndsWith("String") || value.EndsWith("Bytes")) && !value.ContainsAnyExcept(Letters)))
        {
            return true;
        }

        if (char.IsAsciiLetter(value[0]) && ((value[^1] is '!' && !value[..^1].ContainsAnyExcept(Letters)) || (value.Count('.') > 1 && !value.ContainsAnyExcept(Chained))))
        {
            return true;
        }

        var open = value.IndexOfAny('(', '[', '<');
        if (open < 2 || !char.IsAsciiLetter(value[0]))
        {
            return false;
        }

        var name = value[..open];
        return !name.ContainsAnyExcept(Dotted) && !name.ContainsAnyInRange('0', '9') && (name.IndexOfAny('.', ':') >= 0 || !kind.Any || open + 1 == value.Length || value[open + 1] is '"' or '\'' or '$');
    }

    private static bool IsCall(ReadOnlySpan<char> value) => value.IndexOf('(') is > 1 and var open && value[^1] is ')' or '(' && !value[..open].ContainsAnyExcept(Name) && char.IsAsciiLetter(value[0]);

    // kebab-case-words, host names and identifiers: lower case in words, a digit group now and then.
    private static bool IsName(ReadOnlySpan<char> value)
    {
        if (value.ContainsAnyExcept(HostName) || value.IndexOfAny("-._/") < 0 || Guid.TryParse(value, out _))
        {
            return false;
        }

        var words = 0;
        var odd = 0;
        foreach (var range in value.SplitAny('-', '.', '_', '/', ':'))
        {
            var word = value[range];
            if (word.Length >= LongestWordOfName && IsMixed(word))
            {
                return false;
            }

            words++;
            odd += word.ContainsAnyInRange('0', '9') && word.ContainsAnyInRange('a', 'z') && word.Length > 4 ? 1 : 0;
        }

        return odd * 3 <= words;
    }

    private static bool IsProse(ReadOnlySpan<char> value) => value.Contains(' ');

    /// <summary>Whether it is twelve to twenty-four short words, three at a time: the phrase that a wallet is restored from (BIP 39).</summary>
    public static bool IsMnemonic(ReadOnlySpan<char> value) => value.Count(' ') is 11 or 14 or 17 or 20 or 23 && !value.ContainsAnyExcept(Phrase) && !value.Contains("  ", StringComparison.Ordinal);

    // abcd efgh ijkl mnop, 123456-123456-123456: groups as long as each other, as keys are shown that people type.
    private static bool AreGroups(ReadOnlySpan<char> value)
    {
        var part = value.Contains('-') ? '-' : ' ';
        var (count, length) = (0, value.IndexOf(part));
        if (length is < 4 or > 8 || value.ContainsAnyExcept(part == '-' ? Grouped : Typed))
        {
            return false;
        }

        foreach (var group in value.Split(part))
        {
            if (group.End.Value - group.Start.Value != length)
            {
                return false;
            }

            count++;
        }

        return part == '-' ? count >= 3 && value.ContainsAnyInRange('0', '9') : count == 4 || count >= 6;
    }

    // Of three to ten small words that no sentence is made of.
    private static bool IsPhrase(ReadOnlySpan<char> value)
    {
        if (value.ContainsAnyExcept(Phrase) || value.Count(' ') is < 2 or > 9)
        {
            return false;
        }

        foreach (var word in value.Split(' '))
        {
            if (value[word] is "the" or "a" or "of" or "to" or "is" or "your" or "for" or "key" or "password" or "passphrase" or "and" or "or" or "in")
            {
                return false;
            }
        }

        return true;
    }

    // The seed of one-time passwords.
    private static bool IsBase32(ReadOnlySpan<char> value) => value.Length is 16 or 20 or 24 or 26 or 32 or 52 or 64 && !value.ContainsAnyExcept(Base32) && value.ContainsAnyInRange('2', '7') && value.ContainsAnyInRange('A', 'Z');

    /// <summary>Whether it is a few digits, or groups of letters and digits, as codes are that people type once.</summary>
    public static bool IsCode(ReadOnlySpan<char> value) =>
        (value.Length is >= 4 and <= 10 && !value.ContainsAnyExceptInRange('0', '9')) || (value.Length is >= 7 and <= 23 && value.ContainsAnyInRange('0', '9') && !value.ContainsAnyExcept(Coded) && value.Count('-') is 0 or 1 or 2 or 3 && (value.IndexOf('-') is >= 3 || IsMixed(value)));

    /// <summary>Whether it is five or more groups of five or six capitals and digits, as keys of products and disks are.</summary>
    public static bool IsTypedKey(ReadOnlySpan<char> value) => value.Length >= 29 && value.IndexOf('-') is 5 or 6 && AreGroups(value);

    /// <summary>How often letters of one group follow those of another.</summary>
    public static int Turns(ReadOnlySpan<char> value)
    {
        var (turns, previous) = (0, 0);
        foreach (var letter in value)
        {
            var group = char.IsAsciiDigit(letter) ? 1 : char.IsAsciiLetterLower(letter) ? 2 : char.IsAsciiLetterUpper(letter) ? 3 : 4;
            turns += group != previous && previous != 0 ? 1 : 0;
            previous = group;
        }

        return turns;
    }

    private static bool HasDigitAndLetter(ReadOnlySpan<char> value) => value.ContainsAnyInRange('0', '9') && (value.ContainsAnyInRange('a', 'z') || value.ContainsAnyInRange('A', 'Z'));

    // The base64 of user:password, as Docker and HTTP basic authentication write it.
    private static bool IsLogin(ReadOnlySpan<char> value)
    {
        Span<byte> bytes = stackalloc byte[600];
        return value.Length is >= 8 and <= 800 && Convert.TryFromBase64Chars(value, bytes, out var written) && bytes[..written].IndexOf((byte)':') > 0 && !bytes[..written].ContainsAnyExceptInRange((byte)32, (byte)126);
    }
}
