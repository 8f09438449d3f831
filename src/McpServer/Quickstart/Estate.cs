using LibGit2Sharp;
using McpInfra.Host.Settings;

namespace McpInfra.Host.Quickstart;

/// <summary>A temporary git copy of an estate with a state folder of its own; gone when disposed.</summary>
internal sealed class Estate : IDisposable
{
    private static readonly Signature Author = new("quickstart", "quickstart@localhost", DateTimeOffset.UnixEpoch);

    private readonly string temporary;

    private Estate(string name, bool isSample)
    {
        temporary = Directory.CreateTempSubdirectory("mcp-infra-quickstart-").FullName;
        Folder = Path.Combine(temporary, name);
        StateFolder = Path.Combine(temporary, "state");
        IsSample = isSample;
    }

    /// <summary>The copy's working tree.</summary>
    public string Folder { get; }

    /// <summary>The state folder of this run alone.</summary>
    public string StateFolder { get; }

    /// <summary>What the child processes of this run get beside the usual environment.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { ["MCP_INFRA_HOME"] = StateFolder, ["MCP_INFRA_CONFIG"] = "" };

    /// <summary>Whether it is the bundled sample.</summary>
    public bool IsSample { get; }

    /// <summary>A copy of the sample that ships with the program.</summary>
    public static Estate Sample()
    {
        var estate = new Estate("estate", isSample: true);
        var source = Path.Combine(AppContext.BaseDirectory, "samples", "estate");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            Copy(file, Path.Combine(estate.Folder, Path.GetRelativePath(source, file)));
        }

        Repository.Init(estate.Folder);
        using var repository = new Repository(estate.Folder);
        LibGit2Sharp.Commands.Stage(repository, [.. repository.RetrieveStatus().Select(entry => entry.FilePath).Where(path => !path.EndsWith(".tfstate", StringComparison.Ordinal))]);
        repository.Commit("The estate", Author, Author);
        return estate;
    }

    /// <summary>A clone of somebody's repository at its current commit, with the state and findings that lie in its working tree.</summary>
    /// <exception cref="SettingsException">There is no such folder, it is in no git repository, or that has no commit.</exception>
    public static Estate CopyOf(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new SettingsException($"There is no folder {folder}. Name one of a git repository, or leave it out to see the bundled sample.");
        }

        var settings = FolderSettings.Of(folder);
        if (settings.Repositories is not [var original])
        {
            throw new SettingsException($"{folder} is in no git repository. Name a folder of one, or leave the folder out to see the bundled sample.");
        }

        var estate = new Estate(original.Name, isSample: false);
        try
        {
            Repository.Clone(original.Url, estate.Folder, new CloneOptions { RecurseSubmodules = false });
            foreach (var source in settings.Sources)
            {
                var copy = Path.Combine(estate.Folder, Path.GetRelativePath(original.Url, source.Path!));
                if (!File.Exists(copy))
                {
                    Copy(source.Path!, copy);
                }
            }

            return estate;
        }
        catch (LibGit2SharpException)
        {
            estate.Dispose();
            throw new SettingsException($"{original.Url} cannot be copied. It needs at least one commit and must be readable.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in Directory.EnumerateFiles(temporary, "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal); // Git's objects are read-only, which stops a delete on Windows.
        }

        Directory.Delete(temporary, recursive: true);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to);
    }
}
