namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>Keys of a stack's `backend` in mcp-infra.yaml: the backends' own arguments by their own names, and where secrets are.</summary>
public static class BackendKeys
{
    /// <summary>Those that hold an address.</summary>
    public static IReadOnlyList<string> Addresses { get; } = ["endpoint", "address"];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "secret_env", .. Addresses,
        "bucket", "key", "region", "workspace_key_prefix", "prefix",
        "storage_account_name", "container_name", "environment",
        "username", "schema_name", "hostname", "organization", "workspace",
    ];
}
