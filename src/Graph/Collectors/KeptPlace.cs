namespace McpInfra.Graph.Collectors;

/// <summary>How far a listing had come when its scan was cut.</summary>
/// <param name="Token">What it goes on from; null when it had ended.</param>
/// <param name="Known">What it has to know again.</param>
internal sealed record KeptPlace(string? Token, IReadOnlyList<UInt128> Known);
