namespace McpInfra.Graph.Store;

/// <summary>Whose word counts first.</summary>
internal static class Rank
{
    public const int Cloud = 0;
    public const int State = 1;

    public static int Of(string kind) => SourceSettings.StateKinds.Contains(kind) ? State : Cloud;
}
