using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Tools.Plans.State.Backends;

using Cloud = McpInfra.Tools.Credentials.Cloud;

/// <summary>An object in Google Cloud Storage, by its JSON API. Source of the format: the API's reference of Objects: get.</summary>
/// <param name="http">Reads.</param>
public sealed class GoogleBackend(StateHttp http) : IStateBackend, IStateFolder
{
    private const string Host = "https://storage.googleapis.com";
    private const int PageSize = 1000;

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds { get; } = ["gcs"];

    /// <inheritdoc/>
    public string Identity(BackendPlace place) => $"gcs {Bucket(place)} {Name(place)}";

    /// <inheritdoc/>
    public async Task<StateFound> ReadAsync(BackendPlace place, StateAccess access, CancellationToken stop)
    {
        var address = Address(place, Name(place) + ".tfstate"); // Before a credential is asked for.
        var (bearer, customerKey) = await KeysAsync(place, access, stop);
        if (Found(await http.GetAsync(() => Asked(address, bearer, customerKey), access.Limits, stop)) is not { } body)
        {
            return StateFound.None;
        }

        var held = await http.GetAsync(() => Asked(Address(place, Name(place) + ".tflock"), bearer, null), access.Limits, stop, metadata: true);
        return new StateFound(body, held.Status switch { HttpStatusCode.OK => true, HttpStatusCode.NotFound => false, _ => null });
    }

    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(BackendPlace place, string path, StateAccess access, CancellationToken stop)
    {
        var address = Address(place, path);
        var (bearer, customerKey) = await KeysAsync(place, access, stop);
        return Found(await http.GetAsync(() => Asked(address, bearer, customerKey), access.Limits, stop));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StateFileEntry>> ListAsync(BackendPlace place, string prefix, StateAccess access, CancellationToken stop)
    {
        var address = $"{Root(place)}/o?fields=items(name,updated),nextPageToken&maxResults={PageSize}&prefix={Uri.EscapeDataString(prefix)}";
        var (bearer, _) = await KeysAsync(place, access, stop);
        return await ListedPages.ReadAsync(async token =>
        {
            var next = new Uri(token is null ? address : $"{address}&pageToken={Uri.EscapeDataString(token)}");
            var page = Found(await http.GetAsync(() => Asked(next, bearer, null), access.Limits, stop, metadata: true))
                ?? throw new StateException("There is no bucket of the name that the stack's backend gives. Correct `bucket` in the code or in the stack's `backend`.");
            return Listing(page);
        });
    }

    private static (IEnumerable<StateFileEntry> Files, string? Next) Listing(byte[] page)
    {
        try
        {
            var listed = JsonSerializer.Deserialize<Listed>(page, JsonSerializerOptions.Web);
            return ((listed?.Items ?? []).Where(one => one?.Name is not null).Select(one => new StateFileEntry(one!.Name!, one.Updated ?? default)), listed?.NextPageToken);
        }
        catch (JsonException exception)
        {
            throw new StateException("Google Cloud Storage answered something else than a list of objects. Check the `endpoint` of the backend and any proxy in between.", exception);
        }
    }

    private static async Task<(AuthenticationHeaderValue Bearer, byte[]? CustomerKey)> KeysAsync(BackendPlace place, StateAccess access, CancellationToken stop)
    {
        var customerKey = place.Bound("secret_env") is null ? null : CustomerKey((await access.SecretAsync(stop)).Reveal());
        return (new AuthenticationHeaderValue("Bearer", (await access.CloudAsync(place, Cloud.Google, stop)).Reveal()), customerKey);
    }

    private static byte[]? Found(StateAnswer answer) => answer.Status is HttpStatusCode.NotFound ? null : answer.Body ?? throw answer.Refused("Google Cloud Storage");

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

    private static Uri Address(BackendPlace place, string path) => new($"{Root(place)}/o/{Uri.EscapeDataString(path)}?alt=media");

    private static string Root(BackendPlace place) =>
        $"{BackendHost.Endpoint(place, Cloud.Google, "storage_custom_endpoint")?.GetLeftPart(UriPartial.Authority) ?? Host}/storage/v1/b/{Bucket(place)}";

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

    private sealed record Listed(IReadOnlyList<ListedObject?>? Items, string? NextPageToken);

    private sealed record ListedObject(string? Name, DateTimeOffset? Updated);
}
