using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>One folder of code, read.</summary>
internal sealed class CodeModule
{
    public CodeModule(string folder, IReadOnlyList<HclFile> files)
    {
        (Folder, Files) = (folder, files);
        Blocks = [.. files.SelectMany(file => file.Body.Blocks.Select(block => new PlacedBlock(file.Path, block)))];
        var calls = Of("module").Where(placed => !OnlyOverrides(placed)).Select(placed => ModuleCall.Of(placed, folder)).ToList();
        var folders = calls.Where(call => call.Folder is not null).ToLookup(call => Name(call.Block), call => call.Folder, StringComparer.Ordinal);
        Calls = [.. calls, .. Of("module").Where(OnlyOverrides).SelectMany(placed => folders[Name(placed.Block)].Distinct().Select(called => new ModuleCall(placed.File, placed.Block.Span.Line, placed.Block, called)))];
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

/// <summary>A call of a module.</summary>
/// <param name="File">Where it stands.</param>
/// <param name="Line">Where it stands.</param>
/// <param name="Block">The call itself.</param>
/// <param name="Folder">The folder it leads to; null when its source is no literal path that stays in the repository.</param>
internal sealed record ModuleCall(string File, int Line, HclBlock Block, string? Folder)
{
    public static ModuleCall Of(PlacedBlock placed, string folder)
    {
        var source = placed.Block.Body.Attribute("source");
        var isLocal = source?.Value is HclExpression.Text { Value: var text } && ModuleSource.IsLocal(text) && Ascii.IsPlain(text);
        return new(placed.File, source?.Span.Line ?? placed.Block.Span.Line, placed.Block, isLocal ? CodePath.Join(folder, ((HclExpression.Text)source!.Value).Value) : null);
    }
}
