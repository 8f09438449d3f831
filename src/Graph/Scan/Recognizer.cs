using System.Collections.Concurrent;
using McpInfra.Graph.Collectors;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Scan;

/// <summary>Digests what was seen and looks it up in what the last scan was told: most of the work of a scan that finds nothing new. Any threads may use it.</summary>
/// <param name="told">What the last scan was told.</param>
/// <param name="kind">What of the source's settings changes what is stored.</param>
internal sealed class Recognizer(Told told, string kind)
{
    private readonly ConcurrentBag<Digests> free = [];

    public IReadOnlyList<Recognized> Read(IReadOnlyList<Observation> seen)
    {
        var digests = free.TryTake(out var rested) ? rested : new Digests(told.Key, kind);
        var recognized = new Recognized[seen.Count];
        for (var at = 0; at < recognized.Length; at++)
        {
            recognized[at] = Read(seen[at], digests);
        }

        free.Add(digests);
        return recognized;
    }

    private Recognized Read(Observation seen, Digests digests) => seen switch
    {
        Observation.Seen(var resource) => new(seen, told.Find(digests.OfKey(IdentityKey.Of(resource.Id))), told.Find(digests.Of(resource))),
        Observation.Related(var relation) => new(seen, default, told.Find(digests.OfRelation(IdentityKey.Of(relation.From), Vocabulary.Name(relation.Type), IdentityKey.Of(relation.To)))),
        Observation.ManagedBy(var managed) => new(seen, told.Find(digests.OfAddress(managed.State, managed.Address)), told.Find(digests.Of(managed))),
        Observation.Found(var finding) => new(seen, told.Find(digests.OfFinding(finding.Id)), default),
        Observation.Charged(var charge) => new(seen, told.Find(digests.OfCharge(CostWriter.Hash(charge))), default),
        Observation.Complete scope => new(seen, told.Find(digests.Of(scope)), default),
        _ => new(seen, default, default),
    };
}
