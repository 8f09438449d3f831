using McpInfra.Graph;
using McpInfra.Graph.Queries;
using McpInfra.Tools.Plans;

namespace McpInfra.Host.Composition;

/// <summary>What the graph knows of planned addresses.</summary>
internal sealed class GraphImpact(Graphs graphs) : IImpact
{
    private const int Depth = 3;
    private const int MostNamed = 3;

    /// <inheritdoc/>
    public void Prepare(string organization) => _ = graphs.OpenAsync(organization, CancellationToken.None).AsTask();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<string, AddressImpact>> OfAsync(
        string organization, string repository, string stack, IReadOnlyList<string> addresses, CancellationToken stop)
    {
        var graph = await graphs.OpenAsync(organization, stop);
        var known = new Dictionary<string, AddressImpact>(StringComparer.Ordinal);
        foreach (var address in addresses)
        {
            if (graph.Resolve(address).Found is { } row)
            {
                var touched = graph.Trace(row, new TraceQuery(TraceDirection.Impact, Depth) { Limit = MostNamed });
                known[address] = new AddressImpact(row.Id, (int)touched.Total, [.. touched.Steps.Select(step => step.Resource.Name)]);
            }
        }

        return known;
    }
}
