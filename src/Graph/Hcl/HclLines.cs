namespace McpInfra.Graph.Hcl;

/// <summary>Finds the line of an offset.</summary>
internal sealed class HclLines
{
    private readonly List<int> _starts = [0];
    private int _last;

    public HclLines(ReadOnlySpan<char> text)
    {
        for (int at = 0, found; (found = text[at..].IndexOf('\n')) >= 0;)
        {
            at += found + 1;
            _starts.Add(at);
        }
    }

    public HclLines(ReadOnlySpan<byte> text)
    {
        for (int at = 0, found; (found = text[at..].IndexOf((byte)'\n')) >= 0;)
        {
            at += found + 1;
            _starts.Add(at);
        }
    }

    /// <summary>Line from 1.</summary>
    public int Line(int offset)
    {
        if (offset < _starts[_last] || (_last + 1 < _starts.Count && offset >= _starts[_last + 1])) // Most are asked for in their order.
        {
            var found = _starts.BinarySearch(offset);
            _last = found >= 0 ? found : ~found - 1;
        }

        return _last + 1;
    }

    /// <summary>Column from 1.</summary>
    public int Column(int offset) => offset - _starts[Line(offset) - 1] + 1;
}
