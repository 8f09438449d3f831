namespace McpInfra.Guardrails.Tests;

/// <summary>A folder of its own for one test, removed after it.</summary>
public sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mcp-infra-test-").FullName;

    /// <summary>A copy as it is this moment: what a crash of the machine's power would not leave, but kill -9 would.</summary>
    public ScratchFolder Copy()
    {
        var copy = new ScratchFolder();
        foreach (var file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            var to = System.IO.Path.Combine(copy.Path, System.IO.Path.GetRelativePath(Path, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var target = File.Create(to);
            source.CopyTo(target);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(to, File.GetUnixFileMode(file));
            }
        }

        return copy;
    }

    public string In(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
