using System.Text;

namespace McpInfra.Graph.Collectors.Costs;

/// <summary>Reads comma-separated values by RFC 4180, record by record, with a bound on each.</summary>
internal sealed class CsvReader(TextReader text)
{
    private const int MostFields = 1_000;
    private const int MostRecord = 1 << 20;

    private readonly char[] buffer = new char[1 << 16];
    private readonly StringBuilder field = new();
    private int at;
    private int length;

    /// <summary>Line at which the last record began, 1-based.</summary>
    public long Line { get; private set; }

    private long line = 1;

    /// <summary>The next record, or null at the end.</summary>
    /// <exception cref="FormatException">A record has too many fields, is too long, or a quote is never closed.</exception>
    public List<string>? Read()
    {
        if (Peek() < 0)
        {
            return null;
        }

        Line = line;
        var fields = new List<string>();
        var size = 0;
        while (true)
        {
            var last = Field(ref size);
            fields.Add(field.ToString());
            if (fields.Count > MostFields)
            {
                throw new FormatException("a record has too many fields");
            }

            if (last)
            {
                return fields;
            }
        }
    }

    /// <summary>Reads one field; whether it ended the record.</summary>
    private bool Field(ref int size)
    {
        field.Clear();
        var quoted = Peek() == '"';
        if (quoted)
        {
            Next();
        }

        while (true)
        {
            var letter = Next();
            if (++size > MostRecord)
            {
                throw new FormatException("a record is too long");
            }

            switch (letter)
            {
                case < 0:
                    return quoted ? throw new FormatException("a quote is never closed") : true;
                case '"' when quoted && Peek() == '"':
                    field.Append((char)Next());
                    break;
                case '"' when quoted:
                    quoted = false;
                    break;
                case ',' when !quoted:
                    return false;
                case '\n' when !quoted:
                    return true;
                case '\r' when !quoted && Peek() == '\n':
                    break;
                default:
                    field.Append((char)letter);
                    break;
            }
        }
    }

    private int Peek() => at < length || Fill() ? buffer[at] : -1;

    private int Next()
    {
        if (at >= length && !Fill())
        {
            return -1;
        }

        var letter = buffer[at++];
        line += letter == '\n' ? 1 : 0;
        return letter;
    }

    private bool Fill()
    {
        (at, length) = (0, text.Read(buffer, 0, buffer.Length));
        return length > 0;
    }
}
