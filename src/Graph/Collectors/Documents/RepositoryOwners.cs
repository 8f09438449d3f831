namespace McpInfra.Graph.Collectors.Documents;

/// <summary>Who owns a path of a repository: by CODEOWNERS, else by the nearest catalogue above it.</summary>
internal sealed class RepositoryOwners
{
    private readonly CodeOwners? owners;
    private readonly Dictionary<string, string> catalogs = [];

    /// <param name="files">Files by path, those of owners and catalogues among them.</param>
    public RepositoryOwners(IReadOnlyDictionary<string, byte[]> files)
    {
        owners = CodeOwners.Places.Select(files.GetValueOrDefault).FirstOrDefault(file => file is not null) is { } found ? CodeOwners.Parse(found) : null;
        foreach (var (path, file) in files.Where(file => DocumentPaths.KindOf(file.Key) is DocumentKind.Catalog))
        {
            // A catalogue of several owners says of its folder that of its first.
            if (CatalogFile.Read(file).Entities.Select(entity => entity.Owner).FirstOrDefault(owner => owner is not null) is { } owner)
            {
                catalogs[Folder(path)] = owner;
            }
        }
    }

    /// <summary>What of CODEOWNERS was not read, in our own words; null when all was.</summary>
    public string? Fault => owners?.Fault;

    /// <summary>Whether the file at a path says who owns what.</summary>
    public static bool Wants(string path) => DocumentPaths.KindOf(path) is DocumentKind.Owners or DocumentKind.Catalog;

    /// <summary>The owner, or null.</summary>
    public string? Of(string path) => owners?.Of(path) ?? ByCatalog(path);

    private string? ByCatalog(string path)
    {
        for (var folder = Folder(path); ; folder = Folder(folder))
        {
            if (catalogs.TryGetValue(folder, out var owner))
            {
                return owner;
            }

            if (folder.Length == 0)
            {
                return null;
            }
        }
    }

    private static string Folder(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "";
}
