using System.Globalization;

namespace McpInfra.Graph.Collectors;

/// <summary>Where a listing goes on from, and how far it has come page by page. One thread at a time uses it.</summary>
internal sealed class Place
{
    private readonly HashSet<UInt128> known = [];
    private List<UInt128> news = [];
    private List<UInt128> whole = [];
    private string? reached;

    /// <summary>The start.</summary>
    public Place()
    {
    }

    /// <summary>Where a scan that was cut had come to.</summary>
    public Place(KeptPlace kept)
    {
        known.UnionWith(kept.Known);
        var parts = kept.Token!.Split(' ', 3);
        (Stage, Rows, Token, GoesOn) = (int.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2].Length > 0 ? parts[2] : null, true);
    }

    /// <summary>Which of the listing's stages it goes on with; those before it were read to their ends.</summary>
    public int Stage { get; }

    /// <summary>The page of that stage to go on with; null for the first.</summary>
    public string? Token { get; }

    /// <summary>Rows that were told, where the listing counts them.</summary>
    public long Rows { get; set; }

    /// <summary>Whether it is not the start.</summary>
    public bool GoesOn { get; }

    /// <summary>Whether the cloud went on from it.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Notes what the listing has to know again when it goes on; whether it is new.</summary>
    public bool Know(UInt128 what)
    {
        if (!known.Add(what))
        {
            return false;
        }

        news.Add(what);
        return true;
    }

    /// <summary>A page came.</summary>
    public void Take() => IsTaken = true;

    /// <summary>All pages up to here were told.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="token">The page to go on with; null for the first.</param>
    public void Reach(int stage, string? token)
    {
        whole.AddRange(news);
        (reached, news) = (string.Create(CultureInfo.InvariantCulture, $"{stage} {Rows} {token}"), []);
    }

    /// <summary>What was reached since it was last asked; null for nothing.</summary>
    public Observation.Reached? TakeReached()
    {
        if (reached is null)
        {
            return null;
        }

        var mark = new Observation.Reached(reached, whole);
        (reached, whole) = (null, []);
        return mark;
    }
}
