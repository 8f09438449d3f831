using System.Runtime.InteropServices;

namespace McpInfra.Graph.Snapshot;

/// <summary>Those of 65,536 neighbouring ranks that have a value: up to two within itself, up to 4,096 as an array of lower halves, more as bits.</summary>
/// <param name="Upper">The upper half of the ranks.</param>
/// <param name="Count">How many there are; 0 for a container that is none.</param>
/// <param name="Place">The two lower halves, or where in the arrays or bitmaps they lie.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct PostingContainer(int Upper, int Count, uint Place)
{
    public const int MostInline = 2;
    public const int MostInArray = 4096;
    public const int Words = 1024;
}
