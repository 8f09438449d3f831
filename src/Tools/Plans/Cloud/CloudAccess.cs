using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud;

/// <summary>What a run gets of one cloud: dummies in its environment, and the gate that lets through what they may do.</summary>
/// <param name="Gate">Decides its requests.</param>
/// <param name="Environment">Variables of the run: dummies that are good for nothing outside it.</param>
public sealed record CloudAccess(ICloudGate Gate, IReadOnlyDictionary<string, string> Environment);
