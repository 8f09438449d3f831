namespace McpInfra.Guardrails;

/// <summary>How far an operation reaches; an agent type may use operations up to its own tier.</summary>
public enum Tier
{
    /// <summary>Reads only.</summary>
    Observe = 0,

    /// <summary>Plans and suggests; changes nothing.</summary>
    Recommend = 1,

    /// <summary>Opens pull requests.</summary>
    Draft = 2,

    /// <summary>Runs in isolation.</summary>
    Sandbox = 3,

    /// <summary>Behind human gates; nothing is published here.</summary>
    Production = 4,
}
