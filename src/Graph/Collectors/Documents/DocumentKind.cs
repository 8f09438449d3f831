namespace McpInfra.Graph.Collectors.Documents;

/// <summary>What a document is for.</summary>
public enum DocumentKind
{
    /// <summary>Any other.</summary>
    Document,

    /// <summary>A decision record.</summary>
    Decision,

    /// <summary>A runbook, playbook or account of an incident.</summary>
    Runbook,

    /// <summary>A README.</summary>
    Readme,

    /// <summary>CODEOWNERS.</summary>
    Owners,

    /// <summary>A Backstage catalogue.</summary>
    Catalog,
}
