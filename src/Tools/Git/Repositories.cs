using System.Security.Cryptography;
using System.Text;
using McpInfra.Graph.Correlation;

namespace McpInfra.Tools.Git;

/// <summary>The registered repositories by name. Nothing else can be read or proposed to.</summary>
public sealed class Repositories : ICodeSource
{
    private const int MostCodeFiles = 20_000;
    private const int MostCodeFile = 1_000_000;
    private const long MostCode = 128_000_000;
    private readonly Dictionary<string, Repository> registered;

    /// <summary>Opens nothing yet: a repository that cannot be opened says so when it is asked.</summary>
    /// <param name="settings">The registered repositories.</param>
    /// <param name="organization">The tenant whose mirrors these are.</param>
    /// <param name="stateFolder">Where mirrors of URLs are kept.</param>
    /// <param name="time">Decides when a mirror is fetched again.</param>
    public Repositories(IReadOnlyList<RepositorySettings> settings, string organization, string stateFolder, TimeProvider time) =>
        registered = settings.ToDictionary(
            repository => repository.Name,
            repository => new Repository(repository, Path.Combine(stateFolder, "mirrors", FolderName(organization)), time));

    /// <summary>Names in the order of the configuration.</summary>
    public IReadOnlyList<string> Names => [.. registered.Keys];

    /// <summary>The repository of that exact name, or null.</summary>
    public Repository? Find(string name) => registered.GetValueOrDefault(name);

    IReadOnlyList<string> ICodeSource.Repositories => Names;

    /// <inheritdoc/>
    public CodeFiles Read(string repository, Func<string, bool> filter)
    {
        var source = Find(repository) ?? throw new RepositoryException("The repository is not registered. Register it under `repositories` in the configuration.");
        var head = source.Base();
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var left = MostCode;
        foreach (var file in source.Files(head.Tree).Where(file => IsCode(file) && filter(file.Path)))
        {
            left -= file.Size;
            if (left < 0 || files.Count >= MostCodeFiles)
            {
                throw new RepositoryException($"The repository has more than {MostCodeFiles} files or {MostCode} bytes of code. Register its parts as repositories of their own.");
            }

            files[file.Path] = source.ReadBlob(file.Blob, MostCodeFile)!;
        }

        return new CodeFiles(head.Commit, files);
    }

    private static bool IsCode(TreeFile file) =>
        file.IsPlain && file.Size <= MostCodeFile && !WithheldPaths.Withholds(file.Path);

    private static string FolderName(string organization) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(organization)))[..16];
}
