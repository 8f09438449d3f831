namespace McpInfra.Tools.Resources;

/// <summary>How much of a value a section tells, and how much it has left out.</summary>
/// <param name="whole">Whether values are told whole; else the beginning of each.</param>
internal sealed class Width(bool whole)
{
    /// <summary>Characters that were left out so far.</summary>
    public long LeftOut { get; private set; }

    /// <summary>A value that shares its line with others, and is an id or a name at most.</summary>
    public string Flat(string text)
    {
        var most = whole ? Lines.LongestId : Lines.MostValue;
        LeftOut += Math.Max(0, text.Length - most);
        return Lines.Flat(text, most);
    }

    /// <summary>The same as one column of a row: a bar of its own begins no other.</summary>
    public string Cell(string text) => Lines.Barred(Flat(text));

    /// <summary>A value behind its name.</summary>
    public IEnumerable<string> Of(string name, string value) => whole ? Lines.Whole(name, value) : [Flat(name + value)];
}
