using System.Text.Json;
using McpInfra.Graph.Collectors.Rest;

namespace McpInfra.Graph.Collectors.Oci;

/// <summary>Asks the services of one region for what its search found.</summary>
/// <param name="client">The client of a service.</param>
internal sealed class OciDetails(Func<string, RestClient> client)
{
    private readonly Lock gate = new();
    private Task<string?>? space;

    /// <summary>The resource's own answer; null where it is not asked for, or is gone.</summary>
    /// <param name="row">A row of the search.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="RestException">A service does not answer.</exception>
    public async Task<JsonElement?> OfAsync(JsonElement row, CancellationToken stop)
    {
        if (row.Text("resourceType") is not { } type || OciDetail.Of(type) is not { } detail || row.Text("identifier") is not { } id)
        {
            return null;
        }

        try
        {
            var within = detail.IsInNamespace ? await NamespaceAsync(detail.Service, stop) : "";
            return within is null ? null : await client(detail.Service).GetAsync(detail.PathOf(id, row.Text("displayName") ?? "", within), stop);
        }
        catch (RestException gone) when (gone.Fault is CloudFault.Missing or CloudFault.Denied)
        {
            return null; // OCI answers 404 for what is gone and for what may not be read; the search has told of it all the same.
        }
    }

    private Task<string?> NamespaceAsync(string service, CancellationToken stop)
    {
        lock (gate)
        {
            return space ??= AskAsync(service, stop);
        }
    }

    // The tenancy's namespace is answered as a bare text.
    private async Task<string?> AskAsync(string service, CancellationToken stop)
    {
        var answer = await client(service).GetAsync("/n", stop, strip: body => [.. "{\"namespace\":"u8, .. body, .. "}"u8]);
        return answer.Text("namespace");
    }
}
