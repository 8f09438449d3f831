using McpInfra.Guardrails.Credentials;

namespace McpInfra.Tools.Plans.State.Backends;

using Cloud = McpInfra.Tools.Credentials.Cloud;

/// <summary>An address and its credential are one setting: a host that is not the public cloud's own is read only when the operator bound it.</summary>
internal static class BackendHost
{
    /// <summary>An address that may be read.</summary>
    /// <exception cref="StateException">It is none.</exception>
    public static Uri Address(BackendPlace place, string name, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "https" or "http", UserInfo: "", Host.Length: > 0 }
            ? address
            : throw new StateException($"The `{name}` of the stack's backend `{place.Kind}` is not an http or https address without a user or password in it. Correct it in mcp-infra.yaml.");

    /// <summary>An endpoint that is not the public cloud's, or null when neither code nor the operator names one. The operator's own is believed; one in code only when it is bound to the stack's credential.</summary>
    /// <exception cref="StateException">Code names one that is not bound.</exception>
    public static Uri? Endpoint(BackendPlace place, Cloud cloud, params ReadOnlySpan<string> names)
    {
        if (place.Bound("endpoint") is { } bound)
        {
            return Address(place, "endpoint", bound);
        }

        foreach (var name in names)
        {
            if (place.Text(name) is { } text)
            {
                var address = Address(place, name, text);
                return IsListed(place.Stack.CredentialFor(CredentialIntent.ReadState, cloud)?.Endpoints ?? [], address) ? address
                    : throw new StateException("The code of this stack reads its state from an endpoint of its own, and a credential must not follow an address in code. When it is yours, add its host:port to the `endpoints` of the stack's credential in mcp-infra.yaml.");
            }
        }

        return null;
    }

    /// <summary>Whether a list of host:port has the address.</summary>
    public static bool IsListed(IReadOnlyList<string> endpoints, Uri address) => endpoints.Contains($"{address.Host}:{address.Port}", StringComparer.OrdinalIgnoreCase);
}
