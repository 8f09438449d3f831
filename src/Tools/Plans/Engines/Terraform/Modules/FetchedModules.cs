using McpInfra.Graph.Hcl;
using McpInfra.Tools.Git;

namespace McpInfra.Tools.Plans.Engines.Terraform.Modules;

/// <summary>Modules that were fetched for a plan, each at a commit or hash. They lie beside the tree under a folder of their own, where the same rules read them.</summary>
/// <param name="Packages">What was fetched.</param>
public sealed record FetchedModules(IReadOnlyList<FetchedModule> Packages)
{
    /// <summary>The folder under which they lie.</summary>
    public const string Root = ".fetched";

    /// <summary>None.</summary>
    public static FetchedModules None { get; } = new([]);

    /// <summary>Every file of theirs.</summary>
    public IEnumerable<TreeFile> Files => Packages.DistinctBy(package => package.Place).SelectMany(package => package.Files);

    /// <summary>What identifies them, as text for a plan's digest.</summary>
    public string Marks => string.Join('\n', Packages.Select(package => package.Mark).Order(StringComparer.Ordinal));

    /// <summary>What was asked for, if it was fetched.</summary>
    public FetchedModule? Find(WantedModule wanted) => Packages.FirstOrDefault(package => package.Wanted == wanted);

    /// <summary>The bytes of one of their files.</summary>
    public byte[] Read(TreeFile file, int most) => Packages.First(package => CodePath.IsWithin(package.Place, file.Path)).Read(file, most) ?? [];

    /// <summary>Whether the path lies, or would lie, among them.</summary>
    public static bool Holds(string path) => CodePath.IsWithin(Root, path);

    /// <summary>The folder of the package that a path among them lies in.</summary>
    public static string PlaceOf(string path) => string.Join('/', path.Split('/').Take(2));
}

/// <summary>A module that code asks for.</summary>
/// <param name="Source">Its source as written.</param>
/// <param name="Version">The version constraint as written; empty for none.</param>
public sealed record WantedModule(string Source, string Version);

/// <summary>A module at the commit, or of the hash, that is planned.</summary>
/// <param name="Wanted">What asked for it.</param>
/// <param name="Source">The same, read.</param>
/// <param name="Version">Its version in a registry; null when it comes from none.</param>
/// <param name="Commit">Its commit, or the SHA-256 of its archive.</param>
public sealed record FetchedModule(WantedModule Wanted, RemoteSource Source, string? Version, string Commit)
{
    /// <summary>The folder of its package.</summary>
    public required string Place { get; init; }

    /// <summary>The folder that its source counts from: <see cref="Place"/>, or the one folder in it.</summary>
    public required string Top { get; init; }

    /// <summary>Files of its package, under <see cref="Place"/>.</summary>
    public required IReadOnlyList<TreeFile> Files { get; init; }

    /// <summary>The content of one of them; null when it is larger than that.</summary>
    public required Func<TreeFile, int, byte[]?> Read { get; init; }

    /// <summary>Why CI may fetch other code; null when it cannot.</summary>
    public required string? Loose { get; init; }

    /// <summary>What in its source would pin it to this.</summary>
    public required string Pin { get; init; }

    /// <summary>The module's own folder.</summary>
    public string Folder => Source.Folder == "." ? Top : $"{Top}/{Source.Folder}";

    /// <summary>What identifies it.</summary>
    public string Mark => $"{Wanted.Source} {Wanted.Version.Replace(' ', ',')} {Commit}";

    /// <inheritdoc/>
    public override string ToString() => $"{Source.Package}{(Version is null ? "" : " " + Version)} at {Commit[..12]}";
}
