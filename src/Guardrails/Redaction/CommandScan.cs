using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds passwords on command lines that no name announces: `curl -u a:b`, `sshpass -p b`, `a:b | chpasswd`, `IDENTIFIED BY 'b'`, `Bearer b`.</summary>
internal static class CommandScan
{
    private const int LongestLine = 2000;
    private const int LongestCommand = 1000;
    private const int LongestList = 40;
    private const int MostOptions = 3;
    private const int ShortestLogin = 20;
    private const int ShortestGiven = 10;

    // A command, its option, and what stands between a user and the password there; none when the password stands alone.
    private static readonly (string Command, string Option, char Parts)[] Options =
    [
        ("curl ", " -u ", ':'), ("curl ", " --user ", ':'), ("curl ", " -b ", '='), ("curl ", " --cookie ", '='), ("lftp ", " -u ", ','), ("smbclient ", " -U ", '%'),
        ("ldapsearch ", " -w ", Alone), ("sshpass ", " -p", Alone), ("redis-cli ", " -a ", Alone), ("mysql", " -p", Glued), ("mariadb", " -p", Glued), ("mongo", " -p ", Alone), ("cqlsh ", " -p ", Alone),
        ("sqlcmd ", " -P ", Alone), ("bcp ", " -P ", Alone), ("ipmitool ", " -P ", Alone), ("7z a", " -p", Glued), ("snmpwalk", " -A ", Alone), ("snmpwalk", " -X ", Alone), ("xfreerdp", " /p:", Glued),
        ("radius-server ", " key ", Alone), ("tacacs-server ", " key ", Alone), ("crypto isakmp ", " key ", Alone), ("snmp-server ", " community ", Alone), ("openssl ", "pass:", Glued), (" login ", " -p ", Alone),
        ("schtasks ", " /rp ", Alone), ("oathtool ", " -b ", Alone), ("zip ", " -P ", Alone), ("snmp", " -C ", Alone),
    ];

    private const char Alone = '\0';
    private const char Glued = '\u0001';

    // Options that most commands take passwords and keys with; what follows must look like one.
    private static readonly IReadOnlyList<string> Letters = [" -p ", " -w ", " -a ", " -k ", " -c ", " -x "];

    /// <summary>What begins where a password may stand, in any case.</summary>
    public static readonly IReadOnlyList<string> Marks =
    [
        .. Options.Select(option => option.Command), "chpasswd", "identified by", "bearer ", "basic ", "oracle:thin:", "sqlplus ", "htpasswd", "net user ", "rabbitmqctl add_user ", "rabbitmqctl change_password ", "client(", "unseal key ", "convertto-securestring ", ":5432:", ":5433:", ":5434:", ":5439:", ":6432:", ":6543:", ":15432:", ":26257:", ":*:", "*:*:*:", "-stdin", "requirepass ", "masterauth ", "wifi:", ": eap ", ": xauth ", " / ", " auth ", .. Letters,
    ];

    private static readonly SearchValues<char> UserLetters = SearchValues.Create(Alphabet.Lower + Alphabet.Upper + Alphabet.Digit + "_.-");
    private static readonly SearchValues<char> Stops = SearchValues.Create("'\"| \\\n");

    /// <param name="text">The text.</param>
    /// <param name="marked">Where one of the marks stands, in order.</param>
    /// <param name="spans">What is found is added to.</param>
    public static void Run(string text, IReadOnlyList<int> marked, Spans spans)
    {
        var (start, end) = (0, -1);
        foreach (var at in marked)
        {
            if (at >= end)
            {
                start = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
                end = text.IndexOf('\n', at) is >= 0 and var stop ? stop : text.Length;
            }

            Look(text, Math.Max(start, at - LongestLine), at, Math.Min(end, at + LongestLine), spans);
        }
    }

    private static void Look(string text, int start, int at, int end, Spans spans)
    {
        foreach (var (command, option, parts) in Options)
        {
            if (Stands(text, at, command))
            {
                Option(text, at, end, option, parts, spans);
            }
        }

        switch (char.ToLowerInvariant(text[at]))
        {
            case ' ' when Stands(text, at, " / "):
                PairScan.Beside(text, at, spans);
                break;
            case ' ' when text[at + 1] == '-':
                Given(text, at + " -p ".Length, spans);
                break;
            case ' ':
                Positional(text, text.IndexOf(' ', at + 1) + 1, end, spans);
                break;
            case 'w' when Stands(text, at, "wifi:"):
                Network(text, at, end, spans);
                break;
            case 'b' when Stands(text, at, "bearer ") || Stands(text, at, "basic "):
                Scheme(text, at, spans);
                break;
            case 'u' when Stands(text, at, "unseal key ") && text.AsSpan(at, end - at).IndexOf(": ") is > 0 and < 16 and var colon:
                Word(text, at + colon + 2, spans);
                break;
            case ':' when text[at + 1] == ' ':
                if (Skip(text, text.IndexOf(' ', at + 2)) is var phrase && phrase < text.Length && text[phrase] is '"' or '\\')
                {
                    Word(text, phrase, spans);
                }

                break;
            case ':' or '*':
                PasswordFile(text, start, at, end, spans);
                break;
            case 'c' when Stands(text, at, "convertto"):
                if (Skip(text, at + "convertto-securestring ".Length) is var given && given < text.Length && text[given] is '\'' or '"' or '\\')
                {
                    Word(text, given, spans);
                }

                break;
            case 'c' when Stands(text, at, "client("):
                Positional(text, at + "client(".Length, end, spans, quoted: true);
                break;
            case 'c' when Stands(text, at, "chpasswd"):
                Chpasswd(text, start, at, spans);
                break;
            case 'i' when Stands(text, at, "identified by"):
                if (Skip(text, at + 13) is var password && password < text.Length && text[password] is '\'' or '"')
                {
                    Word(text, password, spans);
                }

                break;
            case 'r' when Stands(text, at, "requirepass"):
                Word(text, Skip(text, at + 11), spans);
                break;
            case 'm' when Stands(text, at, "masterauth"):
                Word(text, Skip(text, at + 10), spans);
                break;
            case 'o' when Stands(text, at, "oracle"):
            case 's' when Stands(text, at, "sqlplus"):
                Oracle(text, at, end, spans);
                break;
            case 'h' when Stands(text, at, "htpasswd"):
            case 'n' when Stands(text, at, "net user "):
            case 'r' when Stands(text, at, "rabbitmqctl"):
                Last(text, at, end, spans);
                break;
            case '-':
                Echoed(text, start, at, spans);
                break;
        }
    }

    private static bool Stands(string text, int at, string word) => text.AsSpan(at).StartsWith(word, StringComparison.OrdinalIgnoreCase);

    // wandb login x, new Client("x"): a word that looks random, and nothing names it.
    private static void Positional(string text, int at, int end, Spans spans, bool quoted = false)
    {
        var (start, stop) = at < end && (quoted ? text[at] is '"' or '\'' or '\\' : text[at] != '-') ? Extent(text, at) : (at, at);
        if (stop - start >= ShortestLogin && SecretValues.LooksRandom(text.AsSpan(start, stop - start)))
        {
            Add(text, start, stop, spans);
        }
    }

    private static void Given(string text, int at, Spans spans)
    {
        var (start, stop) = Extent(text, Skip(text, at));
        if (stop - start >= ShortestGiven && PairScan.IsPassword(text.AsSpan(start, stop - start)))
        {
            Add(text, start, stop, spans);
        }
    }

    // WIFI:T:WPA;S:name;P:password;;, as codes for cameras have it.
    private static void Network(string text, int at, int end, Spans spans)
    {
        var line = text.AsSpan(at, end - at);
        if (line.IndexOf(";P:") is > 0 and var password && line[(password + 3)..].IndexOf(';') is > 0 and var length)
        {
            Add(text, at + password + 3, at + password + 3 + length, spans);
        }
    }

    private static void Scheme(string text, int at, Spans spans)
    {
        var value = Skip(text, at + text.AsSpan(at).IndexOf(' '));
        var length = Alphabet.Base64.Run(text.AsSpan(value));
        while (value + length < text.Length && text[value + length] == '.' && Alphabet.Base64.Run(text.AsSpan(value + length + 1)) is > 0 and var more)
        {
            length += more + 1;
        }

        var held = text.AsSpan(value, length);
        var basic = text[at + 1] is 'a' or 'A';
        if (basic ? length >= 8 && SecretValues.IsSecret(held, SecretKind.Login, false) : length >= 16 && SecretValues.LooksRandom(held) && !SecretValues.IsPlaceholder(held))
        {
            spans.Add(value, value + length, basic ? "login" : "bearer");
        }
    }

    private static void Option(string text, int at, int end, string option, char parts, Spans spans)
    {
        // Some options are given more than once, to read and to write.
        var line = text.AsSpan(at, Math.Min(LongestCommand, end - at));
        for (var (from, count) = (0, 0); count < MostOptions && line[from..].IndexOf(option) is >= 0 and var found; from += found + option.Length, count++)
        {
            var value = at + from + found + option.Length;
            value = parts is Glued ? value : Skip(text, value);
            var (start, stop) = value < end && text[value] is not ('-' or ' ' or '\t') ? parts is ',' ? (value, Stop(text, value, end)) : Extent(text, value) : (value, value);
            var user = parts is Alone or Glued ? 0 : text.AsSpan(start, stop - start).IndexOf(parts) + 1;
            if (parts is Alone or Glued || (user > 0 && (parts != '=' || SecretValues.LooksRandom(text.AsSpan(start + user, stop - start - user)))))
            {
                Add(text, start + user, stop, spans);
            }
        }
    }

    private static int Stop(string text, int at, int end) => text.AsSpan(at, end - at).IndexOfAny(Stops) is >= 0 and var length ? at + length : end;

    // host:port:database:user:password, a line of PostgreSQL's .pgpass.
    private static void PasswordFile(string text, int start, int at, int end, Spans spans)
    {
        var line = text.AsSpan(start, end - start);
        if (line[..(at - start)].LastIndexOf("\\n") is >= 0 and var begun)
        {
            start += begun + 2;
            line = line[(begun + 2)..];
        }

        line = line.IndexOf("\\n") is >= 0 and var escaped && start + escaped > at ? line[..escaped] : line;
        if (line.LastIndexOf("\":\"") is >= 0 and var member && start + member < at)
        {
            start += member + 3;
            line = line[(member + 3)..];
        }

        if (line.Count(':') == 4 && !line.Trim().Contains(' ') && !line.Contains("//", StringComparison.Ordinal))
        {
            Add(text, start + line.LastIndexOf(':') + 1, start + line.TrimEnd().Length, spans);
        }
    }

    // user/password@host
    private static void Oracle(string text, int at, int end, Spans spans)
    {
        var rest = text.AsSpan(at, Math.Min(LongestCommand, end - at));
        if (rest.IndexOf('/') is > 0 and var slash && rest[(slash + 1)..].IndexOfAny("@ /\"'") is > 0 and var length && rest[slash + 1 + length] == '@')
        {
            Add(text, at + slash + 1, at + slash + 1 + length, spans);
        }
    }

    private static void Word(string text, int at, Spans spans)
    {
        var (start, end) = Extent(text, at);
        Add(text, start, end, spans);
    }

    private static (int Start, int End) Extent(string text, int at)
    {
        var value = at < text.Length ? ValueAt.Read(text, new Place(at), ValueAt.LongestWithin) : null;
        return value is { } found ? (found.Start, found.End) : (at, at);
    }

    // echo 'root:x' | chpasswd
    private static void Chpasswd(string text, int start, int at, Spans spans)
    {
        var line = text.AsSpan(start, at - start);
        var colon = line.LastIndexOf(':');
        if (colon > 0)
        {
            var end = line[colon..].IndexOfAny(Stops);
            Add(text, start + colon + 1, end < 0 ? at : start + colon + end, spans);
            return;
        }

        Listed(text, at, spans);
    }

    // Lines of user:password behind `chpasswd <<EOF`, and behind cloud-init's `list: |`.
    private static void Listed(string text, int at, Spans spans)
    {
        var body = text.AsSpan(at, Math.Min(LongestLine, text.Length - at));
        var here = body.IndexOf("<<") is >= 0 and < 20 ? LineEnd(body) : body.IndexOf("list:") is >= 0 and < 60 and var list && LineEnd(body[list..]) is >= 0 and var rest ? list + rest : -1;
        var depth = 0;
        for (var (next, count) = (here + 1, 0); here >= 0 && count < LongestList; count++)
        {
            var line = body[next..];
            var length = line.IndexOfAny('\n', '\\') is >= 0 and var stop ? stop : line.Length;
            var deep = line.Length - line.TrimStart(" \t-+").Length;
            var colon = line[..length].IndexOf(':');
            if (colon <= deep || line[deep..colon].ContainsAnyExcept(UserLetters) || colon + 1 >= length || line[(colon + 1)..length].ContainsAny(" /\"'") || (count > 0 && deep != depth))
            {
                return;
            }

            depth = deep;
            Add(text, at + next + colon + 1, at + next + length, spans);
            next += length + (length < line.Length && line[length] == '\\' ? 2 : 1);
            if (next >= body.Length)
            {
                return;
            }
        }
    }

    // The last character of a line end, which may be escaped.
    private static int LineEnd(ReadOnlySpan<char> text) => text.IndexOfAny('\n', '\\') is >= 0 and var end ? end + (text[end] == '\\' ? 1 : 0) : -1;

    // echo x | docker login --password-stdin
    private static void Echoed(string text, int start, int at, Spans spans)
    {
        var line = text.AsSpan(start, at - start);
        var echo = line.IndexOf("echo ");
        if (echo >= 0 && line.Contains('|'))
        {
            var value = start + echo + 5;
            Word(text, text.AsSpan(value).StartsWith("-n ") ? value + 3 : value, spans);
        }
    }

    private static void Last(string text, int at, int end, Spans spans)
    {
        for (var word = 0; word < 3; word++)
        {
            var space = text.AsSpan(at, end - at).IndexOf(' ');
            if (space < 0)
            {
                return;
            }

            at = Skip(text, at + space);
            if (at >= end)
            {
                return;
            }
        }

        Word(text, at, spans);
    }

    private static void Add(string text, int start, int end, Spans spans)
    {
        var value = end > start ? text.AsSpan(start, end - start) : default;
        if (value.Length >= 3 && value[0] != '-' && !SecretValues.IsPlaceholder(value) && !SecretValues.IsReference(value))
        {
            spans.Add(start, end, "password");
        }
    }

    private static int Skip(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }

        return at;
    }
}
