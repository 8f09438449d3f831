namespace McpInfra.Tools.Plans.State;

/// <summary>A copy of a state in which every secret is a token.</summary>
/// <param name="Bytes">The copy.</param>
/// <param name="Masked">Where something was replaced: address of the resource instance, and path of the attribute with `.` between its names.</param>
public sealed record SanitizedState(byte[] Bytes, IReadOnlySet<MaskedValue> Masked)
{
    /// <summary>A state with nothing in it, for a stack that has none.</summary>
    public static SanitizedState Empty { get; } = new(
        """{"version":4,"terraform_version":"1.0.0","serial":0,"lineage":"00000000-0000-0000-0000-000000000000","outputs":{},"resources":[]}"""u8.ToArray(), new HashSet<MaskedValue>());

    /// <summary>The secrets themselves, for what else must be kept out of the run; stays on the host and is never shown.</summary>
    internal KnownSecrets Known { get; init; } = new();

    /// <summary>What the tokens stand for; stays on the host and is never shown.</summary>
    internal Originals Originals { get; init; } = new();
}

/// <summary>One value that was replaced.</summary>
/// <param name="Address">Address of the resource instance; "output" for an output.</param>
/// <param name="Path">Names and indexes with `.` between them.</param>
public sealed record MaskedValue(string Address, string Path);
