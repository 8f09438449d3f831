namespace McpInfra.Tools.Sandbox;

/// <summary>What a cage holds when it opens: everything else of the host is absent.</summary>
public sealed record SandboxRequest
{
    /// <summary>Files and folders of the host, shown read-only at the path inside.</summary>
    public IReadOnlyList<ReadOnlyBind> Binds { get; init; } = [];

    /// <summary>The environment of every step, which may add to it; `HOME` and `TMPDIR` are set by the sandbox.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The unix socket outside that the relay inside forwards to, and the proxy variables then name; null for no network at all.</summary>
    public string? EgressSocket { get; init; }

    /// <summary>What it may use.</summary>
    public SandboxLimits Limits { get; init; } = new();
}

/// <summary>A file or folder of the host, shown read-only inside.</summary>
/// <param name="Source">Absolute path outside, links resolved.</param>
/// <param name="Inside">Absolute path inside.</param>
public sealed record ReadOnlyBind(string Source, string Inside);
