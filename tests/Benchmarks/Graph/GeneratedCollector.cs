using System.Runtime.CompilerServices;
using McpInfra.Graph;
using McpInfra.Graph.Collectors;

namespace McpInfra.Benchmarks.Graph;

/// <summary>Shows a generated estate as a cloud does.</summary>
internal sealed class GeneratedCollector(GeneratedEstate estate) : ICollector
{
    public string Kind => "generated";

    public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.CompletedTask;
        for (var number = 0; number < estate.Count; number++)
        {
            yield return new Observation.Seen(estate.Resource(number));
        }

        for (var number = 0; number < estate.Count; number++)
        {
            foreach (var relation in estate.Relations(number))
            {
                yield return new Observation.Related(relation);
            }
        }

        yield return new Observation.Complete(null, null, "*");
    }
}
