using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>One folder of code, read.</summary>
internal sealed class CodeModule
{
    /// <param name="folder">Where it lies.</param>
    /// <param name="files">Its files, read.</param>
    /// <param name="given">What may be used, and what was fetched.</param>
    public CodeModule(string folder, IReadOnlyList<HclFile> files, CodeUnderPlan given)
    {
        (Folder, Files) = (folder, files);
        Blocks = [.. files.SelectMany(file => file.Body.Blocks.Select(block => new PlacedBlock(file.Path, block)))];
        var calls = Of("module").Where(placed => !OnlyOverrides(placed)).Select(placed => ModuleCall.Of(placed, folder, given)).ToList();
        var folders = calls.Where(call => call.Folder is not null).ToLookup(call => Name(call.Block), call => call.Folder, StringComparer.Ordinal);
        Calls = [.. calls, .. Of("module").Where(OnlyOverrides).SelectMany(placed => folders[Name(placed.Block)].Distinct().Select(called => new ModuleCall(placed.File, placed.Block.Span.Line, placed.Block) { Folder = called }))];
        Locals = Of("locals").SelectMany(placed => placed.Block.Body.Attributes).ToLookup(local => local.Name, StringComparer.Ordinal);
    }

    public string Folder { get; }

    public IReadOnlyList<HclFile> Files { get; }

    /// <summary>Its blocks of the first level, those of override files last.</summary>
    public IReadOnlyList<PlacedBlock> Blocks { get; }

    public IReadOnlyList<ModuleCall> Calls { get; }

    /// <summary>Its locals by name, those of override files last.</summary>
    public ILookup<string, HclAttribute> Locals { get; }

    private static string Name(HclBlock call) => call.Labels is [var name, ..] ? name : "";

    // An override of a call may leave the source to the call.
    private static bool OnlyOverrides(PlacedBlock placed) =>
        EngineFiles.Kind(CodePath.Name(placed.File)) == EngineFile.Override && placed.Block.Body.Attribute("source") is null;

    public IEnumerable<PlacedBlock> Of(string type) => Blocks.Where(placed => placed.Block.Type == type);
}

/// <summary>A block and the file it stands in.</summary>
internal sealed record PlacedBlock(string File, HclBlock Block)
{
    public RuleFault Fault(string rule, string remedy) => new(File, Block.Span.Line, rule, remedy);
}
