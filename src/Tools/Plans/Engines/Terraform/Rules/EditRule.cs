using McpInfra.Graph.Hcl;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.Engines.Terraform.Modules;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Edits change only files that the engine reads, in the stack's folder or in a local module that it uses.</summary>
internal static class EditRule
{
    public static IEnumerable<RuleFault> Check(StackCode after, StackCode before) =>
        from path in Changed(after, before)
        let why = Why(path, after, before)
        where why is not null
        select new RuleFault(path, 1, why, "edit only .tf, .tf.json, .tfvars and .tfvars.json files of the stack and its local modules");

    /// <summary>Says where an edit reaches further than this stack.</summary>
    public static IEnumerable<RuleFault> Warn(StackCode after, StackCode before) =>
        from path in Changed(after, before)
        where EngineFiles.Kind(CodePath.Name(path)) != EngineFile.None && !CodePath.IsWithin(after.Folder, path)
        select new RuleFault(path, 1, "the edit changes a module outside the stack's folder", "look at the plans of the other stacks that use it");

    /// <summary>Paths whose content or kind the two trees do not share, ordered.</summary>
    public static IEnumerable<string> Changed(StackCode after, StackCode before) =>
        after.Files.Keys.Union(before.Files.Keys)
            .Where(path => !(after.Files.GetValueOrDefault(path) is { } now && before.Files.GetValueOrDefault(path) is { } then && (now.Blob, now.Kind) == (then.Blob, then.Kind)))
            .Order(StringComparer.Ordinal);

    private static string? Why(string path, StackCode after, StackCode before)
    {
        var folder = CodePath.Folder(path);
        return
            EngineFiles.Kind(CodePath.Name(path)) == EngineFile.None ? "an edit must change nothing but the stack's engine files"
            : FetchedModules.Holds(path) ? "an edit must not stand among fetched modules"
            : after.Module(folder) is null && before.Module(folder) is null ? "an edit must stay in the stack's folder or a local module that it uses"
            : before.Files.TryGetValue(path, out var then) && after.Files.TryGetValue(path, out var now) && now.Kind != then.Kind ? "an edit must not change what kind of file this is"
            : after.Files.GetValueOrDefault(path) is { Kind: not TreeFileKind.File } && !before.Files.ContainsKey(path) ? "an edit must add plain files only"
            : null;
    }
}
