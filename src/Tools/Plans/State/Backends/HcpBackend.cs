using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>
/// HCP Terraform and Terraform Enterprise, by the `cloud` block or the backend `remote`. The operator names the host with its token.
/// Source of the format: the workspaces and state-versions pages of the HCP Terraform API.
/// </summary>
/// <param name="http">Reads.</param>
public sealed class HcpBackend(StateHttp http) : IStateBackend
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds { get; } = ["cloud", "remote"];

    /// <inheritdoc/>
    public string Identity(BackendPlace place) => $"hcp {Organization(place)} {Name(place)}";

    /// <inheritdoc/>
    public async Task<StateFound> ReadAsync(BackendPlace place, StateAccess access, CancellationToken stop)
    {
        var host = Host(place);
        _ = place.Trusted("secret_env", "its token");
        var token = new AuthenticationHeaderValue("Bearer", (await access.SecretAsync(stop)).Reveal());
        if (await JsonAsync(new Uri(host, $"api/v2/organizations/{Organization(place)}/workspaces/{Name(place)}"), token, access.Limits, stop) is not { } workspace)
        {
            throw new StateException("HCP Terraform does not know the stack's workspace, or the token may not see it. Check organization and workspace in the code or in the stack's `backend`, and the token's team.");
        }

        var id = place.Plain("workspace id", Text(workspace, "id") ?? "", IsName);
        if (await JsonAsync(new Uri(host, $"api/v2/workspaces/{id}/current-state-version"), token, access.Limits, stop) is not { } version)
        {
            return StateFound.None with { Locked = IsLocked(workspace) };
        }

        return new StateFound(await DownloadAsync(host, Text(version.GetProperty("attributes"), "hosted-state-download-url"), token, access.Limits, stop), IsLocked(workspace));
    }

    private async Task<byte[]> DownloadAsync(Uri host, string? text, AuthenticationHeaderValue token, StateLimits limits, CancellationToken stop)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.UserInfo.Length > 0 || (address.Scheme != "https" && !IsSame(host, address)))
        {
            throw new StateException("HCP Terraform names no address from which the stack's state can be read. Look at the workspace's current state version.");
        }

        // An address elsewhere is signed for this one read; the token stays with its host.
        var answer = await http.GetAsync(() => new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = IsSame(host, address) ? token : null } }, limits, stop);
        return answer.Body ?? throw answer.Refused("HCP Terraform");
    }

    private async Task<JsonElement?> JsonAsync(Uri address, AuthenticationHeaderValue token, StateLimits limits, CancellationToken stop)
    {
        var answer = await http.GetAsync(() => new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = token } }, limits, stop, metadata: true);
        if (answer.Status is HttpStatusCode.NotFound)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(answer.Body ?? throw answer.Refused("HCP Terraform"));
            var root = document.RootElement.GetProperty("data").Clone();
            _ = root.GetProperty("attributes").ValueKind is JsonValueKind.Object ? 0 : throw new JsonException();
            return root;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new StateException("HCP Terraform answered in a form that is not known. Check that the host in the stack's `backend` is one.", exception);
        }
    }

    private static bool IsLocked(JsonElement workspace) => workspace.GetProperty("attributes").TryGetProperty("locked", out var locked) && locked.ValueKind is JsonValueKind.True;

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static bool IsSame(Uri host, Uri address) => (host.Scheme, host.Host, host.Port) == (address.Scheme, address.Host, address.Port);

    private static Uri Host(BackendPlace place)
    {
        var name = place.Trusted("hostname", "its host");
        if (place.Code.GetValueOrDefault("hostname") is { Length: > 0 } code && code != name)
        {
            throw new StateException("The code's `hostname` is not the one of the stack's `backend` in mcp-infra.yaml. Let both name the host whose token this is.");
        }

        return name.Contains("://", StringComparison.Ordinal)
            ? new Uri(BackendHost.Address(place, "hostname", name), "/")
            : new Uri($"https://{place.Plain("hostname", name, letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or ':')}/");
    }

    private static string Organization(BackendPlace place) => place.Plain("organization", place.Needed("organization"), IsName);

    /// <summary>The workspace's name there: its own, or the prefix with our workspace, or of one found by tags our workspace alone.</summary>
    private static string Name(BackendPlace place) => place.Plain("workspaces", HcpWorkspace.NameOf(place), IsName);

    private static bool IsName(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_';
}
