namespace McpInfra.Tools.Sandbox;

/// <summary>Where strangers' code runs.</summary>
public enum SandboxKind
{
    /// <summary>Linux namespaces through bubblewrap; the default.</summary>
    Bubblewrap,

    /// <summary>Rootless podman or docker.</summary>
    Container,

    /// <summary>None: the operator accepted that plans run with the server's rights.</summary>
    None,
}
