namespace McpInfra.Graph.Store;

/// <summary>A finding's status as it is stored.</summary>
internal static class FindingStatuses
{
    public static string Name(FindingStatus status) => status switch { FindingStatus.Suppressed => "suppressed", FindingStatus.Resolved => "resolved", _ => "open" };

    public static FindingStatus Read(string name) => name switch { "suppressed" => FindingStatus.Suppressed, "resolved" => FindingStatus.Resolved, _ => FindingStatus.Open };
}
