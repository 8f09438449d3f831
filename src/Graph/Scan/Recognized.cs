using McpInfra.Graph.Collectors;

namespace McpInfra.Graph.Scan;

/// <summary>An observation with the digests by which a scan knows it again.</summary>
/// <param name="Observation">What was seen.</param>
/// <param name="First">Of that it is there, where that is told apart from the second.</param>
/// <param name="Second">Of what it is.</param>
internal readonly record struct Recognized(Observation Observation, Told.Place First, Told.Place Second);
