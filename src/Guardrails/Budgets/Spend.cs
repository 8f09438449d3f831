namespace McpInfra.Guardrails.Budgets;

/// <summary>What a call spends besides itself.</summary>
public enum Spend
{
    /// <summary>Nothing more.</summary>
    None,

    /// <summary>A plan.</summary>
    Plan,

    /// <summary>A proposal.</summary>
    Proposal,
}
