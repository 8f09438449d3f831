using McpInfra.Graph;
using McpInfra.Tools.Git;

namespace McpInfra.Host.Settings;

/// <summary>The settings of a folder without a configuration: its git repository, the Terraform in it, and the state and findings that lie there.</summary>
public static class FolderSettings
{
    private const int MostFolders = 5_000;
    private static readonly string[] NotCode = [".git", ".terraform", "node_modules", "bin", "obj", ".venv"];
    private static readonly string[] Environments = ["prod", "production", "staging", "stage", "test", "dev", "development", "sandbox"];

    /// <summary>The settings; a folder in no git repository has no repository to plan on, and sources all the same.</summary>
    public static Settings Of(string folder)
    {
        var root = RepositoryRoot(folder);
        var folders = Walk(root ?? folder);
        var name = new DirectoryInfo(root ?? folder).Name;
        var stacks = folders.Where(IsStack).Select(path => Stack(root ?? folder, path)).ToList();
        return new Settings
        {
            StateFolder = StateFolder.Default,
            Repositories = root is null ? [] : [new RepositorySettings(name, root, new ForgeSettings("local"), stacks)],
            Sources = [.. States(root, folders, name), .. Findings(root, folders, name)],
        };
    }

    private static string? RepositoryRoot(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (Path.Exists(Path.Combine(at.FullName, ".git")))
            {
                return at.FullName;
            }
        }

        return null;
    }

    private static List<string> Walk(string root)
    {
        var found = new List<string>();
        var next = new Queue<string>([root]);
        while (next.TryDequeue(out var folder) && found.Count < MostFolders)
        {
            found.Add(folder);
            foreach (var inner in new DirectoryInfo(folder).EnumerateDirectories("*", new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint }).OrderBy(inner => inner.Name, StringComparer.Ordinal))
            {
                if (!NotCode.Contains(inner.Name))
                {
                    next.Enqueue(inner.FullName);
                }
            }
        }

        return found;
    }

    // A module is planned through the stacks that call it.
    private static bool IsStack(string folder) =>
        Files(folder, "*.tf").Any() && !folder.Split(Path.DirectorySeparatorChar).Contains("modules");

    private static StackSettings Stack(string root, string folder)
    {
        var path = Path.GetRelativePath(root, folder).Replace('\\', '/');
        return new StackSettings(path, "terraform", path.Split('/').FirstOrDefault(part => Environments.Contains(part)));
    }

    private static IEnumerable<SourceSettings> States(string? root, List<string> folders, string repository) =>
        from folder in folders
        let file = Path.Combine(folder, "terraform.tfstate")
        where File.Exists(file)
        let path = Relative(root, folder)
        select new SourceSettings($"state:{path}", "terraform-state")
        {
            Path = file,
            Repository = root is null ? null : repository,
            Stack = root is null ? null : path,
            Environment = path.Split('/').FirstOrDefault(part => Environments.Contains(part)),
        };

    private static IEnumerable<SourceSettings> Findings(string? root, List<string> folders, string repository) =>
        from folder in folders
        from file in Files(folder, "*.sarif")
        select new SourceSettings($"findings:{Relative(root, file)}", "sarif") { Path = file, Repository = root is null ? null : repository };

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern, new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint }).Order(StringComparer.Ordinal);

    private static string Relative(string? root, string path) => root is null ? path : Path.GetRelativePath(root, path).Replace('\\', '/');
}
