using McpInfra.Graph.Hcl;
using McpInfra.Tools.Git;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>The tree brings no program, no working folder of the engine, and no engine file that is something else than it seems.</summary>
internal static class TreeRule
{
    private static readonly string[] EngineEndings = [".tf", ".tf.json", ".tfvars", ".tfvars.json", ".tofu", ".tofu.json"];

    public static IEnumerable<RuleFault> Check(StackCode code) =>
        code.Files.Values.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => Fault(code, file)).OfType<RuleFault>().Concat(Twins(code));

    /// <summary>Says when files beside the code are left out because of their names.</summary>
    public static IEnumerable<RuleFault> Warn(StackCode code)
    {
        var left = code.Files.Values.Where(file => file.IsUnportable && code.Modules.Any(module => CodePath.IsWithin(module.Folder, file.Path))).OrderBy(file => file.Path, StringComparer.Ordinal).ToList();
        return left.Take(1).Select(file => new RuleFault(file.Path, 1, left.Count == 1 ? "its name holds a backslash, so it is left out of the plan" : $"this and {left.Count - 1} more hold a backslash in their names, so they are left out of the plan", "rename what the code reads"));
    }

    private static RuleFault? Fault(StackCode code, TreeFile file)
    {
        var (folder, name) = (CodePath.Folder(file.Path), CodePath.Name(file.Path));
        var lower = name.ToLowerInvariant();
        var inCode = code.Module(folder) is not null;
        return
            lower.StartsWith("terraform-provider-", StringComparison.Ordinal) && LooksLikeProgram(file, lower)
                ? new(file.Path, 1, "the tree must not hold a provider's program", "remove it; providers come from a mirror or registry with verified hashes")
            : IsEngineFolder(file.Path)
                ? new(file.Path, 1, "the tree must not hold .terraform or terraform.d", "remove the folder; the engine's working files and plugins are never taken from the tree")
            : inCode && IsOther(file) && (IsEngineName(lower) || lower.StartsWith(".terraform", StringComparison.Ordinal) || lower.StartsWith("terraform.", StringComparison.Ordinal))
                ? new(file.Path, 1, "an engine file must not be a link or a submodule", "put the file itself there")
            : inCode && file.IsUnportable && IsEngineName(lower)
                ? new(file.Path, 1, "an engine file must not have a backslash in its name: it would be missing from the plan", "rename it")
            : inCode && EngineFiles.Kind(name) != EngineFile.None && WithheldPaths.Withholds(file.Path)
                ? new(file.Path, 1, "an engine file must not have a name that is kept for secrets: it would be missing from the plan", "rename it")
            : inCode && IsEngineName(lower) && !IsEngineName(name)
                ? new(file.Path, 1, "an engine file's ending must be in lower case", "rename it: some systems read it and others do not")
            : inCode && (lower.EndsWith(".tofu", StringComparison.Ordinal) || lower.EndsWith(".tofu.json", StringComparison.Ordinal))
                ? new(file.Path, 1, "files for OpenTofu make its plan differ from terraform's", "use .tf files, or plan this stack with its own engine")
            : null;
    }

    private static bool IsOther(TreeFile file) => file.Kind is TreeFileKind.Link or TreeFileKind.Submodule;

    private static bool IsEngineName(string name) => Array.Exists(EngineEndings, ending => name.EndsWith(ending, StringComparison.Ordinal));

    // A provider's own documentation may be named after it.
    private static bool LooksLikeProgram(TreeFile file, string lower) =>
        file.Kind != TreeFileKind.File || !(lower.EndsWith(".md", StringComparison.Ordinal) || lower.EndsWith(".txt", StringComparison.Ordinal));

    private static bool IsEngineFolder(string path)
    {
        var folders = path.Split('/')[..^1];
        return folders.Any(folder => folder.Equals(".terraform", StringComparison.OrdinalIgnoreCase) || folder.Equals("terraform.d", StringComparison.OrdinalIgnoreCase))
            || CodePath.Name(path).Equals(".terraform", StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<RuleFault> Twins(StackCode code) =>
        from module in code.Modules
        from twins in code.Tree.In(module.Folder).Where(path => EngineFiles.Kind(CodePath.Name(path)) != EngineFile.None).GroupBy(path => path.ToUpperInvariant())
        where twins.Count() > 1
        select new RuleFault(twins.Last(), 1, "two engine files must not differ by case alone", "rename one: on some systems they are one file");
}
