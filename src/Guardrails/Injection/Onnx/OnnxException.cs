namespace McpInfra.Guardrails.Injection.Onnx;

/// <summary>The operator's classifier cannot be used; the message says which file, why, and what mends it.</summary>
public sealed class OnnxException(string message, Exception? inner = null) : Exception(message, inner);
