using System.Runtime.CompilerServices;

namespace McpInfra.Graph.Collectors.State;

/// <summary>Reads Pulumi's stacks: what `pulumi stack export` wrote, or the `.pulumi/stacks` of a self-managed backend, in a folder or an object store. Secrets stay encrypted, and out.</summary>
/// <param name="folders">Reads object stores; null where none can be.</param>
public sealed class PulumiCollector(IStateFolders? folders = null) : ICollector
{
    /// <inheritdoc/>
    public string Kind => "pulumi-state";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [EnumeratorCancellation] CancellationToken stop)
    {
        var stacks = source.Path is not null ? PulumiFiles.OnDisk(source)
            : await PulumiFiles.InStoreAsync(source, folders ?? throw new SourceException($"The source {source.Name} has no `path`, and a `backend` only `mcp-infra scan` reads. Name {PulumiFiles.What}, or scan it."), stop);
        var failures = new List<SourceException>();
        foreach (var stack in stacks)
        {
            foreach (var observation in await ReadAsync(stack, failures, stop) is not { } state ? [] : StateCollector.Observe(stack.Label.Length > 0 ? $"{source.Name}/{stack.Label}" : source.Name, state))
            {
                stop.ThrowIfCancellationRequested();
                yield return observation;
            }
        }

        if (failures.Count == stacks.Count && stacks.Count > 0)
        {
            throw failures[0];
        }

        foreach (var failure in failures)
        {
            yield return new Observation.Failed(null, source.Name, "*", failure.Message);
        }

        if (failures.Count == 0)
        {
            yield return new Observation.Complete(null, null, "*");
        }
    }

    private static async ValueTask<StateFile?> ReadAsync(PulumiFile stack, List<SourceException> failures, CancellationToken stop)
    {
        try
        {
            return await stack.OpenAsync(stop) is { } bytes ? PulumiState.Read(bytes, stack.Name) : throw new SourceException($"{stack.Name} went while it was read. Scan again.");
        }
        catch (SourceException fault)
        {
            failures.Add(fault);
            return null;
        }
    }
}
