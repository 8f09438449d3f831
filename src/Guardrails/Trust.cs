namespace McpInfra.Guardrails;

/// <summary>Who could have written a text.</summary>
public enum Trust
{
    /// <summary>We computed it.</summary>
    Own,

    /// <summary>People of this organisation can write it: tags, names, code.</summary>
    Tenant,

    /// <summary>Anyone can: public pull requests, logs, third-party text.</summary>
    Stranger,
}
