using System.Runtime.CompilerServices;

namespace McpInfra.Graph.Collectors.State;

/// <summary>Reads Pulumi's stacks: what `pulumi stack export` wrote, or the `.pulumi/stacks` of a self-managed backend. Secrets stay encrypted, and out.</summary>
public sealed class PulumiCollector : ICollector
{
    /// <inheritdoc/>
    public string Kind => "pulumi-state";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.CompletedTask;
        foreach (var (label, state) in Files(source).Select(file => (file.Label, PulumiState.Read(file.Path))).ToList())
        {
            foreach (var observation in StateCollector.Observe(label.Length > 0 ? $"{source.Name}/{label}" : source.Name, state))
            {
                stop.ThrowIfCancellationRequested();
                yield return observation;
            }
        }

        yield return new Observation.Complete(null, null, "*");
    }

    /// <summary>A project's folder means the stacks of its backend.</summary>
    private static List<(string Label, string Path)> Files(SourceSettings source)
    {
        var stacks = source.Path is null ? null : new[] { Path.Combine(source.Path, ".pulumi", "stacks"), Path.Combine(source.Path, "stacks") }.FirstOrDefault(Directory.Exists);
        return StateFiles.Of(stacks is null ? source : source with { Path = stacks }, ".json", "a file of `pulumi stack export`, or the folder of a self-managed backend");
    }
}
