using McpInfra.Graph.Collectors;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Scan;

/// <summary>Tells what of a scan's observations is not as it was, and counts them. One thread at a time may use it.</summary>
internal sealed class Intake(SourceSettings source, SourceRecord record)
{
    private readonly List<Observation.Complete> complete = [];
    private readonly List<Observation.Failed> failures = [];
    private readonly List<Observation.Fact> facts = [];
    private int resources, relations, open, charges, pages;

    /// <summary>Listings that ended complete.</summary>
    public IReadOnlyList<Observation.Complete> Complete => complete;

    /// <summary>Services that failed.</summary>
    public IReadOnlyList<Observation.Failed> Failures => failures;

    /// <summary>Facts of the source itself.</summary>
    public IReadOnlyList<Observation.Fact> Facts => facts;

    /// <summary>The result with what was seen.</summary>
    public SourceResult Counted(SourceResult result) => result with { Resources = resources, Relations = relations, Findings = open, Charges = charges, Documents = pages, Failures = failures };

    /// <summary>What is to be stored of an observation; null when it is as it was.</summary>
    public News? Read(Observation observation)
    {
        switch (observation)
        {
            case Observation.Seen(var resource):
                resources++;
                return Read(observation, resource);
            case Observation.Related(var relation):
                relations++;
                var (from, type, to) = (IdentityKey.Of(relation.From), Vocabulary.Name(relation.Type), IdentityKey.Of(relation.To));
                return IsNew(observation, record.Digests.OfRelation(from, type, to)) ? new News.OfRelation(from, type, to) : null;
            case Observation.ManagedBy(var managed):
                See(observation, record.Digests.OfAddress(managed.State, managed.Address));
                return IsNew(observation, record.Digests.Of(managed)) ? new News.OfState(managed, IdentityKey.Of(managed.Resource)) : null;
            case Observation.Found(var finding):
                open += finding.Status is FindingStatus.Open ? 1 : 0;
                See(observation, record.Digests.OfFinding(finding.Id));
                return record.Findings.IsNew(finding) ? new News.Other(observation) : null;
            case Observation.Charged(var charge):
                charges++;
                See(observation, record.Digests.OfCharge(CostWriter.Hash(charge)));
                return record.Costs.IsNew(charge) ? new News.Other(observation) : null;
            case Observation.Wrote(var document):
                pages++;
                return record.Documents.IsNew(document) ? new News.Other(observation) : null;
            case Observation.Cataloged(var path, var entity):
                return record.Documents.IsNew(path, entity) ? new News.Other(observation) : null;
            case Observation.Complete scope:
                complete.Add(scope);
                record.Told.See(record.Digests.Of(scope));
                return null;
            case Observation.Failed failure:
                failures.Add(failure);
                return null;
            case Observation.Fact fact:
                facts.Add(fact);
                return null;
            case Observation.Began began:
                foreach (var digest in record.Progress.Begin(began.Listing!, began.GoesOn))
                {
                    record.Told.See(digest);
                }

                return null;
            case Observation.Reached reached:
                record.Progress.Reach(reached.Listing!, reached);
                return null;
            default:
                throw new ArgumentOutOfRangeException(nameof(observation), observation.GetType().Name, "Every kind is read here.");
        }
    }

    /// <summary>Of two resources with one id the first counts, so that they do not change places with every scan.</summary>
    private News.OfResource? Read(Observation observation, Resource resource) =>
        See(observation, record.Digests.OfKey(IdentityKey.Of(resource.Id))) is not Told.Sight.Again && IsNew(observation, record.Digests.Of(resource))
            ? new News.OfResource(StoredResource.Of(Merge.Placed(resource, source.Environment)))
            : null;

    private bool IsNew(Observation observation, UInt128 digest) => See(observation, digest) is Told.Sight.New;

    private Told.Sight See(Observation observation, UInt128 digest)
    {
        record.Progress.Note(observation.Listing, digest);
        return record.Told.See(digest);
    }
}
