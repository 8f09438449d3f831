using System.Runtime.CompilerServices;
using McpInfra.Graph;
using McpInfra.Graph.Collectors;

namespace McpInfra.Benchmarks.Graph;

/// <summary>Shows a range of a generated estate as a cloud does: each resource with its relations. Every source of that name shows its own range.</summary>
internal sealed class GeneratedCollector(GeneratedEstate estate, IReadOnlyDictionary<string, Range> ranges) : ICollector
{
    public string Kind => "generated";

    /// <summary>How many resources of a range, from its start, are in their second version.</summary>
    public int Changed { get; set; }

    public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.CompletedTask;
        var (start, length) = ranges[source.Name].GetOffsetAndLength(estate.Count);
        for (var number = start; number < start + length; number++)
        {
            yield return new Observation.Seen(estate.Resource(number, version: number - start < Changed ? 2 : 1));
            foreach (var relation in estate.Relations(number))
            {
                yield return new Observation.Related(relation);
            }
        }

        yield return new Observation.Complete(null, null, "*");
    }
}
