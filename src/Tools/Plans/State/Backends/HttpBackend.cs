using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>An address that answers a GET with the state. Any server speaks it, so the operator names the address, and code never does.</summary>
/// <param name="http">Reads.</param>
public sealed class HttpBackend(StateHttp http) : IStateBackend
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds { get; } = ["http"];

    /// <inheritdoc/>
    public string Identity(BackendPlace place) => $"http {BackendHost.Address(place, "address", place.Needed("address")).AbsoluteUri}";

    /// <inheritdoc/>
    public async Task<StateFound> ReadAsync(BackendPlace place, StateAccess access, CancellationToken stop)
    {
        var address = BackendHost.Address(place, "address", Address(place));
        if (!place.IsDefault)
        {
            throw new StateException("The backend `http` has no workspaces. Leave `workspace` out of the stack in mcp-infra.yaml.");
        }

        var login = place.Bound("secret_env") is null ? null
            : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{place.Bound("username") ?? ""}:{(await access.SecretAsync(stop)).Reveal()}")));
        var answer = await http.GetAsync(() => new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = login } }, access.Limits, stop);
        return answer.Status switch
        {
            HttpStatusCode.OK when answer.Body!.Length == 0 => StateFound.None,
            HttpStatusCode.OK when answer.Md5 is { } md5 && !MatchesMd5(answer.Body!, md5) => throw new StateException("The state that the backend sent is not the one whose checksum it sent. Plan again; if it stays so, look at the server."),
            HttpStatusCode.OK => new StateFound(answer.Body),
            HttpStatusCode.NoContent or HttpStatusCode.NotFound => StateFound.None,
            _ => throw answer.Refused("The HTTP backend"),
        };
    }

    private static string Address(BackendPlace place) => place.Trusted("address", "its address");

#pragma warning disable CA5351 // The backend's own check against broken transfers, not one against attackers.
    private static bool MatchesMd5(byte[] body, byte[] md5) => MD5.HashData(body).AsSpan().SequenceEqual(md5);
#pragma warning restore CA5351
}
