namespace McpInfra.Guardrails;

/// <summary>The MCP request that an operation answers.</summary>
public enum OperationKind
{
    /// <summary>tools/call.</summary>
    Tool,

    /// <summary>resources/read.</summary>
    Resource,

    /// <summary>prompts/get.</summary>
    Prompt,

    /// <summary>completion/complete.</summary>
    Completion,
}
