using System.Collections.Concurrent;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Ids of the resources of an account that were told, by whichever listing; of each only a fingerprint is remembered.</summary>
internal sealed class Told
{
    private readonly ConcurrentDictionary<UInt128, bool> ids = new();

    /// <summary>Whether it is told for the first time.</summary>
    public bool Add(string id) => ids.TryAdd(Fingerprint.Of(IdentityKey.Of(id)), true);

    /// <summary>The same observations, with the resources among them noted.</summary>
    public async IAsyncEnumerable<Observation> NoteAsync(IAsyncEnumerable<Observation> seen)
    {
        await foreach (var observation in seen.ConfigureAwait(false))
        {
            if (observation is Observation.Seen(var resource))
            {
                Add(resource.Id);
            }

            yield return observation;
        }
    }
}
