using McpInfra.Graph.Hcl;
using McpInfra.Tools.Git;

namespace McpInfra.Tools.Plans;

/// <summary>Where a stack's code says that its state lies.</summary>
internal static class Backend
{
    private const int MostFile = 1 << 20;

    /// <summary>Whether the stack names a backend other than the local one, or HCP Terraform.</summary>
    public static bool IsRemote(Repository repository, IReadOnlyList<TreeFile> files, string stack) => files
        .Where(file => file.Kind is TreeFileKind.File or TreeFileKind.Executable && CodePath.Folder(file.Path) == stack && EngineFiles.Kind(CodePath.Name(file.Path)) is EngineFile.Code or EngineFile.Override)
        .SelectMany(file => HclReader.Read(file.Path, repository.ReadBlob(file.Blob, MostFile) ?? []).Body.Blocks)
        .Where(block => block.Type == "terraform")
        .SelectMany(block => block.Body.Blocks)
        .Any(block => block.Type == "cloud" || (block.Type == "backend" && block.Labels is not ["local"]));
}
