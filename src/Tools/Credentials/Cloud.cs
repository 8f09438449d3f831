namespace McpInfra.Tools.Credentials;

/// <summary>A cloud that a credential is for.</summary>
public enum Cloud
{
    /// <summary>Amazon Web Services.</summary>
    Aws,

    /// <summary>Microsoft Azure.</summary>
    Azure,

    /// <summary>Google Cloud.</summary>
    Google,

    /// <summary>Oracle Cloud Infrastructure.</summary>
    Oci,

    /// <summary>A Kubernetes cluster.</summary>
    Kubernetes,
}
