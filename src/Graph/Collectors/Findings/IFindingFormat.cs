using System.Text.Json;

namespace McpInfra.Graph.Collectors.Findings;

/// <summary>A format in which scanners write findings to files.</summary>
internal interface IFindingFormat
{
    /// <summary>Kind of source.</summary>
    string Kind { get; }

    /// <summary>The format's name with its version, for faults.</summary>
    string Name { get; }

    /// <summary>Ends of file names, with the dot, that a folder is searched for.</summary>
    IReadOnlyList<string> Endings { get; }

    /// <summary>The findings of a file's JSON values; null when they are of another format. What scanners leave out or write otherwise is passed over.</summary>
    FindingReport? Read(IReadOnlyList<JsonElement> values);
}

/// <summary>What a file of findings holds.</summary>
/// <param name="Findings">Open and suppressed ones; those that passed are left out.</param>
/// <param name="Gap">Why the scanner did not see everything, in our own words; null when it did.</param>
internal sealed record FindingReport(IReadOnlyList<Finding> Findings, string? Gap = null)
{
    /// <summary>Of a list of records: those that are none of the format are a gap, and when all are, the file is of another.</summary>
    /// <param name="records">All of them.</param>
    /// <param name="isRecord">Whether it is one.</param>
    /// <param name="read">The findings of those that are.</param>
    public static FindingReport? Of(IReadOnlyList<JsonElement> records, Func<JsonElement, bool> isRecord, Func<IReadOnlyList<JsonElement>, IEnumerable<Finding>> read)
    {
        var (good, first) = (new List<JsonElement>(records.Count), 0);
        for (var at = 0; at < records.Count; at++)
        {
            if (isRecord(records[at]))
            {
                good.Add(records[at]);
            }
            else if (first == 0)
            {
                first = at + 1;
            }
        }

        var others = records.Count - good.Count;
        return good.Count == 0 && others > 0 ? null
            : new FindingReport([.. read(good)], others == 0 ? null : $"{others} of its {records.Count} records {(others == 1 ? "is" : "are")} of another form, the first is number {first}. The others count; run the scanner again, or see what wrote {(others == 1 ? "it" : "them")}");
    }

    /// <summary>The first list of a record that is something else; null when each is a list or absent.</summary>
    public static string? NoList(JsonElement record, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (record.Get(name).ValueKind is not (JsonValueKind.Array or JsonValueKind.Undefined or JsonValueKind.Null))
            {
                return name;
            }
        }

        return null;
    }
}
