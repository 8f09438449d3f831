namespace McpInfra.Graph.Hcl;

/// <summary>Finds the line of an offset.</summary>
internal sealed class HclLines
{
    private readonly List<int> _starts = [0];

    public HclLines(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\n')
            {
                _starts.Add(at + 1);
            }
        }
    }

    public HclLines(ReadOnlySpan<byte> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\n')
            {
                _starts.Add(at + 1);
            }
        }
    }

    /// <summary>Line from 1.</summary>
    public int Line(int offset)
    {
        var found = _starts.BinarySearch(offset);
        return found >= 0 ? found + 1 : ~found;
    }

    /// <summary>Column from 1.</summary>
    public int Column(int offset) => offset - _starts[Line(offset) - 1] + 1;
}
