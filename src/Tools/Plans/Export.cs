using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.Engines.Terraform.Modules;

namespace McpInfra.Tools.Plans;

/// <summary>The plain files of a tree that may enter a sandbox: no link, no submodule, nothing withheld.</summary>
internal static class Export
{
    private const int MostFiles = 50_000;
    private const int MostFile = 16 << 20;
    private const long MostBytes = 256L << 20;

    /// <exception cref="PlanFault">There is too much.</exception>
    public static IReadOnlyList<(string Path, Func<byte[]> Content)> Of(Repository repository, IReadOnlyList<TreeFile> tree) => Of(tree, file => repository.ReadBlob(file.Blob, MostFile) ?? []);

    /// <summary>The same of modules that lie beside the tree.</summary>
    /// <exception cref="PlanFault">There is too much.</exception>
    public static IReadOnlyList<(string Path, Func<byte[]> Content)> Of(FetchedModules modules) => Of([.. modules.Files], file => modules.Read(file, MostFile));

    private static IReadOnlyList<(string Path, Func<byte[]> Content)> Of(IReadOnlyList<TreeFile> tree, Func<TreeFile, byte[]> read)
    {
        var files = tree.Where(file => file.IsPlain && file.Size <= MostFile && !WithheldPaths.Withholds(file.Path)).ToList();
        return files.Count > MostFiles || files.Sum(file => file.Size) > MostBytes
            ? throw PlanFault.Of($"The repository, or the modules that it fetches, have more than {MostFiles} files or {MostBytes >> 20} MB, which is more than is planned at once. Register the stack's part as a repository of its own.")
            : [.. files.Select(file => (file.Path, new Func<byte[]>(() => read(file))))];
    }
}
