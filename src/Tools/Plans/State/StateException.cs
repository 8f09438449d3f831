namespace McpInfra.Tools.Plans.State;

/// <summary>A stack's state cannot be used; the message is our own words and says what mends it.</summary>
public sealed class StateException(string message, Exception? inner = null) : Exception(message, inner);
