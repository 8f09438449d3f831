using System.Runtime.InteropServices;

namespace McpInfra.Graph.Snapshot;

/// <summary>What a snapshot says of itself.</summary>
/// <param name="Organization">Fingerprint of the organisation whose resources it holds.</param>
/// <param name="Version">The record's version that it shows.</param>
/// <param name="Mark">The mark of that version.</param>
/// <param name="TakenAt">When it was read from the record, in Unix milliseconds.</param>
/// <param name="AsOf">When the source that was read longest ago was read, likewise; 0 when none was.</param>
/// <param name="Count">How many resources it holds.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SnapshotHead(UInt128 Organization, long Version, long Mark, long TakenAt, long AsOf, long Count);
