using McpInfra.Graph.Collectors;
using McpInfra.Graph.Collectors.State;
using McpInfra.Guardrails;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.State;

namespace McpInfra.Host.Composition;

/// <summary>States of registered stacks as the graph reads them: from the same backends, with the same credentials, as plans do.</summary>
internal sealed class StackStates(Repositories repositories, StateReader reader, Caller caller) : IStackStates
{
    /// <inheritdoc/>
    public async ValueTask<byte[]?> ReadAsync(string repository, string stack, CancellationToken stop)
    {
        var found = repositories.Find(repository) ?? throw new SourceException($"The repository {repository} is not registered. Register it under `repositories`.");
        var settings = found.Settings.Stacks.FirstOrDefault(one => one.Path == stack) ?? throw new SourceException($"The repository {repository} has no stack {stack}. Name one of: {string.Join(", ", found.Settings.Stacks.Select(one => one.Path))}.");
        try
        {
            return (await reader.ReadAsync(caller, found, found.Base().Tree, settings, stop)).Bytes;
        }
        catch (Exception fault) when (fault is StateException or RepositoryException)
        {
            throw new SourceException($"The state of {repository}/{stack} cannot be read: {fault.Message}", fault);
        }
    }
}
