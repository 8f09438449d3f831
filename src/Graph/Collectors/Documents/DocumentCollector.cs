using System.Runtime.CompilerServices;
using McpInfra.Graph.Correlation;

namespace McpInfra.Graph.Collectors.Documents;

/// <summary>Reads what people wrote for people in a registered repository, from its git objects alone.</summary>
/// <param name="code">The registered repositories.</param>
public sealed class DocumentCollector(ICodeSource code) : ICollector
{
    private const int MostPassages = 200_000;

    /// <summary>The source that every registered repository is.</summary>
    public static SourceSettings Source(string repository) => new($"documents:{repository}", "documents") { Repository = repository };

    /// <inheritdoc/>
    public string Kind => "documents";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Observation> CollectAsync(SourceSettings source, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.CompletedTask;
        var repository = source.Repository ?? throw new SourceException($"The source {source.Name} has no `repository`. Name a registered one.");
        var files = Files(repository, source.Name);
        var owners = new RepositoryOwners(files.Files);
        var (passages, faults) = (0, new List<(string Path, string Fault)>());
        yield return new Observation.Fact("commit", files.Version);
        foreach (var (path, file) in files.Files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            stop.ThrowIfCancellationRequested();
            var kind = DocumentPaths.KindOf(path)!.Value;
            var (entities, fault) = kind is DocumentKind.Catalog ? CatalogFile.Read(file) : new CatalogRead([], kind is DocumentKind.Owners ? owners.Fault : null);
            if (fault is not null)
            {
                faults.Add((path, fault));
            }

            var document = Read(repository, path, kind, file, entities) with { Owner = owners.Of(path) };
            passages += document.Passages.Count;
            if (passages > MostPassages)
            {
                yield return new Observation.Failed(null, repository, "document", $"The repository {repository} has over {MostPassages} passages of text; those of {path} and after it are not searched. Register its parts as repositories of their own.");
                yield break;
            }

            yield return new Observation.Wrote(document);
            foreach (var entity in entities)
            {
                yield return new Observation.Cataloged(path, entity);
            }
        }

        foreach (var (path, fault) in faults)
        {
            yield return new Observation.Failed(null, repository, "document", $"{path} {fault}. Mend it; what it told before stays, and what of it can be read counts.");
        }

        yield return new Observation.Complete(null, null, "*") { Except = [.. faults.Select(one => one.Path)] };
    }

    private CodeFiles Files(string repository, string source)
    {
        try
        {
            return code.Read(repository, path => DocumentPaths.KindOf(path) is not null);
        }
        catch (CodeException fault)
        {
            throw new SourceException($"Source {source}: {fault.Message}", fault);
        }
    }

    private static Document Read(string repository, string path, DocumentKind kind, byte[] file, IReadOnlyList<CatalogEntity> entities)
    {
        if (kind is DocumentKind.Catalog)
        {
            return new Document(repository, path, kind, entities.Count > 0 ? entities[0].Name : path, [.. entities.Select(entity => new Passage(entity.Name, entity.Line, entity.Text))]);
        }

        var (title, passages) = kind is DocumentKind.Owners ? ("Code owners", Markdown.Lines(file)) : Markdown.Read(file);
        return new Document(repository, path, kind, title ?? path, passages);
    }
}
