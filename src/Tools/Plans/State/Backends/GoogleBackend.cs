using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace McpInfra.Tools.Plans.State.Backends;

using Cloud = McpInfra.Tools.Credentials.Cloud;

/// <summary>An object in Google Cloud Storage, by its JSON API. Source of the format: the API's reference of Objects: get.</summary>
/// <param name="http">Reads.</param>
public sealed class GoogleBackend(StateHttp http) : IStateBackend
{
    private const string Host = "https://storage.googleapis.com";

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds { get; } = ["gcs"];

    /// <inheritdoc/>
    public string Identity(BackendPlace place) => $"gcs {Bucket(place)} {Name(place)}";

    /// <inheritdoc/>
    public async Task<StateFound> ReadAsync(BackendPlace place, StateAccess access, CancellationToken stop)
    {
        var address = Address(place, ".tfstate"); // Before a credential is asked for.
        var customerKey = place.Bound("secret_env") is null ? null : CustomerKey((await access.SecretAsync(stop)).Reveal());
        var bearer = new AuthenticationHeaderValue("Bearer", (await access.CloudAsync(place, Cloud.Google, stop)).Reveal());
        var answer = await http.GetAsync(() => Asked(address, bearer, customerKey), access.Limits, stop);
        if (answer.Status is HttpStatusCode.NotFound)
        {
            return StateFound.None;
        }

        var body = answer.Body ?? throw answer.Refused("Google Cloud Storage");
        var held = await http.GetAsync(() => Asked(Address(place, ".tflock"), bearer, null), access.Limits, stop, metadata: true);
        return new StateFound(body, held.Status switch { HttpStatusCode.OK => true, HttpStatusCode.NotFound => false, _ => null });
    }

    private static HttpRequestMessage Asked(Uri address, AuthenticationHeaderValue bearer, byte[]? customerKey)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = bearer } };
        if (customerKey is not null)
        {
            request.Headers.Add("x-goog-encryption-algorithm", "AES256");
            request.Headers.Add("x-goog-encryption-key", Convert.ToBase64String(customerKey));
            request.Headers.Add("x-goog-encryption-key-sha256", Convert.ToBase64String(SHA256.HashData(customerKey)));
        }

        return request;
    }

    private static Uri Address(BackendPlace place, string ending)
    {
        var host = BackendHost.Endpoint(place, Cloud.Google, "storage_custom_endpoint")?.GetLeftPart(UriPartial.Authority) ?? Host;
        return new Uri($"{host}/storage/v1/b/{Bucket(place)}/o/{Uri.EscapeDataString(Name(place) + ending)}?alt=media");
    }

    private static string Bucket(BackendPlace place) =>
        place.Plain("bucket", place.Needed("bucket"), letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '-' or '_', most: 222);

    private static string Name(BackendPlace place)
    {
        var prefix = place.Text("prefix") is { } named ? place.Plain("prefix", named, letter => !char.IsControl(letter), most: 900).Trim('/') : "";
        return (prefix.Length > 0 ? prefix + "/" : "") + place.Workspace;
    }

    private static byte[] CustomerKey(string secret)
    {
        Span<byte> key = stackalloc byte[33];
        return secret.Length <= 44 && Convert.TryFromBase64String(secret, key, out var length) && length == 32 ? key[..32].ToArray()
            : throw new StateException("The variable that the stack's `backend.secret_env` names holds no encryption key of 32 bytes, base64. Set it to the one with which the state is encrypted.");
    }
}
