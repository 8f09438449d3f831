using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Tools.Plans.State.Backends;

using Cloud = McpInfra.Tools.Credentials.Cloud;

/// <summary>A blob in Azure storage, with a bearer of the stack's credential or the storage account's key. Source of the format: the Blob service's REST reference.</summary>
/// <param name="http">Reads.</param>
/// <param name="time">The clock.</param>
public sealed class AzureBackend(StateHttp http, TimeProvider time) : IStateBackend, IStateFolder
{
    private const string Version = "2021-12-02";
    private const int PageSize = 500;

    private static readonly Dictionary<string, string> Suffixes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["public"] = "blob.core.windows.net",
        ["usgovernment"] = "blob.core.usgovcloudapi.net",
        ["china"] = "blob.core.chinacloudapi.cn",
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds { get; } = ["azurerm"];

    /// <inheritdoc/>
    public string Identity(BackendPlace place) => $"azurerm {Account(place)} {Container(place)} {Blob(place)}";

    /// <inheritdoc/>
    public async Task<StateFound> ReadAsync(BackendPlace place, StateAccess access, CancellationToken stop)
    {
        var answer = await AskAsync(place, Address(place, Blob(place)), access, stop);
        return Found(answer) is { } bytes ? new StateFound(bytes, answer.Lease is null ? null : answer.Lease == "locked") : StateFound.None;
    }

    /// <inheritdoc/>
    public async Task<byte[]?> ReadAsync(BackendPlace place, string path, StateAccess access, CancellationToken stop) => Found(await AskAsync(place, Address(place, path), access, stop));

    /// <inheritdoc/>
    public Task<IReadOnlyList<StateFileEntry>> ListAsync(BackendPlace place, string prefix, StateAccess access, CancellationToken stop) => ListedPages.ReadAsync(async marker =>
    {
        var query = $"?comp=list&marker={Uri.EscapeDataString(marker ?? "")}&maxresults={PageSize}&prefix={Uri.EscapeDataString(prefix)}&restype=container";
        var page = Listing(Found(await AskAsync(place, new Uri(Address(place, ""), query), access, stop, metadata: true)) ?? []);
        return (page.Descendants("Blob").Select(blob => new StateFileEntry(
            blob.Element("Name")?.Value ?? "", DateTimeOffset.TryParse(blob.Element("Properties")?.Element("Last-Modified")?.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var modified) ? modified : default)),
            page.Element("NextMarker")?.Value);
    });

    private async Task<StateAnswer> AskAsync(BackendPlace place, Uri address, StateAccess access, CancellationToken stop, bool metadata = false)
    {
        var key = place.Bound("secret_env") is null ? null : Key((await access.SecretAsync(stop)).Reveal());
        var bearer = key is not null ? null : new AuthenticationHeaderValue("Bearer", (await access.CloudAsync(place, Cloud.Azure, stop)).Reveal());
        return await http.GetAsync(
            () =>
            {
                var date = time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
                var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "x-ms-date", date }, { "x-ms-version", Version } } };
                request.Headers.Authorization = bearer ?? new AuthenticationHeaderValue("SharedKey", $"{Account(place)}:{Signature(key!, Account(place), address, date)}");
                return request;
            },
            access.Limits,
            stop,
            metadata);
    }

    private static byte[]? Found(StateAnswer answer) => answer.Status switch
    {
        HttpStatusCode.OK => answer.Body,
        HttpStatusCode.NotFound when answer.Error is "ContainerNotFound" => throw new StateException("There is no container of the name that the stack's backend gives. Correct `container_name` in the code or in the stack's `backend`."),
        HttpStatusCode.NotFound => null,
        _ => throw answer.Refused("Azure storage"),
    };

    private static XElement Listing(byte[] page)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XElement.Load(reader) is { Name.LocalName: "EnumerationResults" } listing ? listing : throw new XmlException();
        }
        catch (XmlException exception)
        {
            throw new StateException("Azure storage answered something else than a list of blobs. Check the `endpoint` of the backend and any proxy in between.", exception);
        }
    }

    private static Uri Address(BackendPlace place, string path)
    {
        var host = BackendHost.Endpoint(place, Cloud.Azure)?.AbsoluteUri.TrimEnd('/') ?? $"https://{Account(place)}.{Suffix(place)}";
        return new Uri($"{host}/{Container(place)}{(path.Length == 0 ? "" : "/")}{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");
    }

    private static string Container(BackendPlace place) =>
        place.Plain("container_name", place.Needed("container_name"), letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '$', most: 63);

    private static string Blob(BackendPlace place)
    {
        var key = place.Plain("key", place.Needed("key"), letter => !char.IsControl(letter), most: 900);
        return place.IsDefault ? key : $"{key}env:{place.Workspace}";
    }

    private static string Account(BackendPlace place) =>
        place.Plain("storage_account_name", place.Needed("storage_account_name"), letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter), most: 24);

    private static string Suffix(BackendPlace place) => Suffixes.GetValueOrDefault(place.Text("environment") ?? "public")
        ?? throw new StateException("The `environment` of the stack's backend is none of Azure's clouds: public, usgovernment or china. Correct it in the code or in the stack's `backend`.");

    private static byte[] Key(string secret)
    {
        var key = new byte[secret.Length];
        return Convert.TryFromBase64String(secret, key, out var length) && length > 0 ? key[..length]
            : throw new StateException("The variable that the stack's `backend.secret_env` names holds no storage account key. Set it to one of the account's keys, base64.");
    }

    private static string Signature(byte[] key, string account, Uri address, string date) => Convert.ToBase64String(HMACSHA256.HashData(
        key, Encoding.UTF8.GetBytes($"GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:{date}\nx-ms-version:{Version}\n/{account}{address.AbsolutePath}{Query(address)}")));

    // Each parameter of its own line, decoded, in the order of their names.
    private static string Query(Uri address) => string.Concat(address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2)).Select(pair => $"\n{pair[0]}:{Uri.UnescapeDataString(pair[1])}").Order(StringComparer.Ordinal));
}
