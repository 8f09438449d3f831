using System.Buffers;

namespace McpInfra.Guardrails.Redaction;

/// <summary>Finds passwords on command lines that no name announces: `curl -u a:b`, `sshpass -p b`, `a:b | chpasswd`, `IDENTIFIED BY 'b'`, `Bearer b`.</summary>
internal static class CommandScan
{
    private const int LongestLine = 2000;
    private const int LongestCommand = 1000;
    private static readonly SearchValues<string> Marks = SearchValues.Create(
        ["curl ", "wget ", "sshpass", "chpasswd", "identified by", "asplaintext", "bearer ", "basic ", "redis-cli", "mysql", "mongo", "oracle:thin:", "sqlplus ", "docker login", "podman login", "htpasswd", "net user ", "az login", "-stdin", "rabbitmqctl", "ldapsearch", "requirepass ", "masterauth "], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> Stops = SearchValues.Create("'\"| \\\n");

    public static void Run(string text, Spans spans)
    {
        var (at, start, end) = (0, 0, -1);
        while (at < text.Length)
        {
            var hit = text.AsSpan(at).IndexOfAny(Marks);
            if (hit < 0)
            {
                return;
            }

            at += hit;
            if (at >= end)
            {
                start = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
                end = text.IndexOf('\n', at) is >= 0 and var stop ? stop : text.Length;
            }

            Look(text, Math.Max(start, at - LongestLine), at, Math.Min(end, at + LongestLine), spans);
            at++;
        }
    }

    private static void Look(string text, int start, int at, int end, Spans spans)
    {
        switch (char.ToLowerInvariant(text[at]))
        {
            case 'b':
                Scheme(text, at, spans);
                break;
            case 'c' when text.AsSpan(at).StartsWith("chpasswd", StringComparison.OrdinalIgnoreCase):
                Chpasswd(text, start, at, spans);
                break;
            case 'c' or 'w' or 'l':
                Flag(text, at, end, "-u ", pair: true, spans);
                Flag(text, at, end, "--user ", pair: true, spans);
                Flag(text, at, end, "-w ", pair: false, spans);
                break;
            case 'i':
                if (Skip(text, at + 13) is var password && password < text.Length && text[password] is '\'' or '"')
                {
                    Word(text, password, spans);
                }

                break;
            case 'a' when text.AsSpan(at).StartsWith("as"):
            case 'A' when text.AsSpan(at).StartsWith("As"):
                break;
            case 'r' when text.AsSpan(at).StartsWith("requirepass", StringComparison.OrdinalIgnoreCase):
                Word(text, Skip(text, at + 11), spans);
                break;
            case 'r' when text.AsSpan(at).StartsWith("redis", StringComparison.OrdinalIgnoreCase):
                Flag(text, at, end, "-a ", pair: false, spans);
                break;
            case 'm' when text.AsSpan(at).StartsWith("masterauth", StringComparison.OrdinalIgnoreCase):
                Word(text, Skip(text, at + 10), spans);
                break;
            case 'm':
                Flag(text, at, end, text.AsSpan(at).StartsWith("mongo", StringComparison.OrdinalIgnoreCase) ? " -p " : " -p", pair: false, spans);
                break;
            case 'o' or 's' when text[at + "oracle:thin".Length] == ':' || text.AsSpan(at).StartsWith("sqlplus", StringComparison.OrdinalIgnoreCase):
                Oracle(text, at, end, spans);
                break;
            case 's' or 'd' or 'p' or 'a':
                Flag(text, at, end, "-p ", pair: false, spans);
                break;
            case 'h' or 'n':
                Last(text, at, end, spans);
                break;
            case '-':
                Echoed(text, start, at, spans);
                break;
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

    private static void Flag(string text, int at, int end, string flag, bool pair, Spans spans)
    {
        var found = text.AsSpan(at, Math.Min(LongestCommand, end - at)).IndexOf(flag);
        if (found < 0)
        {
            return;
        }

        var value = at + found + flag.Length;
        if (!pair)
        {
            if (value < end && text[value] is not ' ')
            {
                Word(text, value, spans);
            }

            return;
        }

        var (start, stop) = Extent(text, value);
        var colon = text.AsSpan(start, stop - start).IndexOf(':');
        if (colon >= 0)
        {
            Add(text, start + colon + 1, stop, spans);
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
        var value = at < text.Length ? ValueAt.Read(text, new Place(at)) : null;
        return value is { } found ? (found.Start, found.End) : (at, at);
    }

    // echo 'root:x' | chpasswd, and the lines of chpasswd <<EOF before it are read by name.
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

        var body = text.AsSpan(at, Math.Min(LongestLine, text.Length - at));
        if (body.IndexOf("<<") is < 0 or > 20)
        {
            return;
        }

        var next = body.IndexOf('\n') + 1;
        var pair = next == 0 ? -1 : body[next..].IndexOf(':');
        if (pair > 0)
        {
            var stop = body[(next + pair)..].IndexOfAny("\n\\");
            Add(text, at + next + pair + 1, stop < 0 ? at + body.Length : at + next + pair + stop, spans);
        }
    }

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
