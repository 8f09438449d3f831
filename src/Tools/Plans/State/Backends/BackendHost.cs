namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>An address and its credential are one setting: a host that is not the public cloud's own is read only when the operator bound it.</summary>
internal static class BackendHost
{
    /// <summary>An address that may be read.</summary>
    /// <exception cref="StateException">It is none.</exception>
    public static Uri Address(BackendPlace place, string name, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "https" or "http", UserInfo: "", Host.Length: > 0 }
            ? address
            : throw new StateException($"The `{name}` of the stack's backend `{place.Kind}` is not an http or https address without a user or password in it. Correct it in mcp-infra.yaml.");
}
