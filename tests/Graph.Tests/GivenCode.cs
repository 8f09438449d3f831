using McpInfra.Graph.Correlation;

namespace McpInfra.Graph.Tests;

/// <summary>Code of one repository, given by the test.</summary>
public sealed class GivenCode(params (string Path, string Text)[] files) : ICodeSource
{
    public IReadOnlyList<string> Repositories => ["infra"];

    public CodeFiles Read(string repository, Func<string, bool> filter) =>
        new("test", files.Where(file => filter(file.Path)).ToDictionary(file => file.Path, file => System.Text.Encoding.UTF8.GetBytes(file.Text)));

    public static GivenCode Folder(string folder) => new([.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => (Path.GetRelativePath(folder, path).Replace('\\', '/'), File.ReadAllText(path)))]);
}
