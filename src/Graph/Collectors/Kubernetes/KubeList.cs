using System.Runtime.CompilerServices;
using System.Text.Json;
using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors.Kubernetes;

/// <summary>Lists the objects of a kind, page by page.</summary>
internal static class KubeList
{
    private const string Whole = "application/json";
    private const string Metadata = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, application/json";
    private const int PageObjects = 500;

    /// <param name="client">The cluster.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="metadataOnly">Whether names, labels and owners are all that is asked for.</param>
    /// <param name="place">Where to begin, and what takes note of how far it came.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="RestException">It cannot be read to its end.</exception>
    public static async IAsyncEnumerable<JsonElement> ReadAsync(RestClient client, ApiKind kind, bool metadataOnly, Place place, [EnumeratorCancellation] CancellationToken stop)
    {
        Func<byte[], byte[]>? strip = kind.Type == "v1/Secret" ? SecretList.Strip : null;
        Task<JsonElement> Page(string? token) => client.GetAsync(
            $"{kind.Path}?limit={PageObjects}{(token is null ? "" : $"&continue={Uri.EscapeDataString(token)}")}", stop, metadataOnly ? Metadata : Whole, strip);
        await foreach (var page in Paging.ReadAsync(client.Limits, Page, page => page.Child("metadata")?.Text("continue"), stop, place))
        {
            if (page.Child("items") is not { ValueKind: JsonValueKind.Array or JsonValueKind.Null } && page.Text("kind")?.EndsWith("List", StringComparison.Ordinal) is not true)
            {
                throw new RestException(CloudFault.Garbage, "an answer that is no list");
            }

            foreach (var item in page.Items("items"))
            {
                yield return item;
            }
        }
    }
}
