namespace McpInfra.Tools.Sandbox.Escapes;

/// <summary>One attempt to break out of a cage.</summary>
/// <param name="Name">What was tried.</param>
/// <param name="Held">Whether the cage held.</param>
/// <param name="Note">How it got out, or why nobody knows; empty when it held.</param>
public sealed record EscapeResult(string Name, bool Held, string Note);
