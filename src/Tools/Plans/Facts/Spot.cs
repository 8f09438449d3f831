namespace McpInfra.Tools.Plans.Facts;

/// <summary>One place in a resource where a value counts.</summary>
/// <param name="Value">The value, or a grant of a document; empty where it does not tell one case from another.</param>
/// <param name="By">What stands beside it, by name.</param>
/// <param name="IsUnknown">Whether only an apply would tell the value.</param>
internal sealed record Spot(string Value, IReadOnlyDictionary<string, string> By, bool IsUnknown = false)
{
    private static readonly string[] Ports = ["from_port", "to_port"];
    private static readonly string[] AllProtocols = ["-1", "\"-1\"", "\"all\"", "\"*\""];

    /// <summary>Whether what this lets in, the other lets in too.</summary>
    public bool IsWithin(Spot other) =>
        !IsUnknown && !other.IsUnknown && Value == other.Value
        && (IsAllProtocols(other) || By.All(pair => Ports.Contains(pair.Key) || other.By.GetValueOrDefault(pair.Key) == pair.Value) && PortsWithin(other));

    private static bool IsAllProtocols(Spot other) =>
        AllProtocols.Contains(other.By.GetValueOrDefault("protocol") ?? "") || AllProtocols.Contains(other.By.GetValueOrDefault("ip_protocol") ?? "");

    private bool PortsWithin(Spot other) =>
        Ports.All(port => By.GetValueOrDefault(port) == other.By.GetValueOrDefault(port))
        || (Port("from_port") is { } from && Port("to_port") is { } to && other.Port("from_port") is { } otherFrom && other.Port("to_port") is { } otherTo && from >= otherFrom && to <= otherTo);

    private long? Port(string name) => long.TryParse(By.GetValueOrDefault(name), out var port) ? port : null;
}
