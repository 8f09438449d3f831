namespace McpInfra.Guardrails.Credentials;

/// <summary>What a credential is wanted for; it is good for no more than that.</summary>
public enum CredentialIntent
{
    /// <summary>Read one repository on its forge.</summary>
    ReadRepository,

    /// <summary>Push a branch of our own to one repository and open a pull request there.</summary>
    OpenPullRequest,

    /// <summary>List and describe what a cloud account holds.</summary>
    ScanSource,

    /// <summary>Make the reads of one stack's plan.</summary>
    PlanStack,

    /// <summary>Read one stack's state where its backend keeps it.</summary>
    ReadState,

    /// <summary>Read modules of one host.</summary>
    ReadModules,
}
