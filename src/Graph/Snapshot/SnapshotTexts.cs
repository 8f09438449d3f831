namespace McpInfra.Graph.Snapshot;

/// <summary>The few texts of a column; 0 stands for none.</summary>
internal sealed class SnapshotTexts
{
    private readonly string[] texts;
    private readonly Dictionary<string, int> places;

    public SnapshotTexts(ReadOnlySpan<byte> section)
    {
        texts = TextList.ReadAll(section);
        places = texts.Select((text, at) => (text, at)).ToDictionary(pair => pair.text, pair => pair.at + 1, StringComparer.OrdinalIgnoreCase);
    }

    public int Count => texts.Length;

    public string? this[int place] => place == 0 ? null : texts[place - 1];

    /// <summary>The place of a text in any case; -1 when there is none.</summary>
    public int Find(string text) => places.GetValueOrDefault(text, -1);
}
