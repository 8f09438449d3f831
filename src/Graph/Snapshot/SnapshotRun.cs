using System.Runtime.InteropServices;

namespace McpInfra.Graph.Snapshot;

/// <summary>Neighbouring resources of one account, region, type and provider; it ends where the next begins.</summary>
/// <param name="Account">Place of the account in its list, counted from 1; 0 for none.</param>
/// <param name="Region">Likewise.</param>
/// <param name="Type">Likewise.</param>
/// <param name="Provider">Likewise.</param>
/// <param name="Start">The first ordinal.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SnapshotRun(int Account, int Region, int Type, int Provider, int Start);
