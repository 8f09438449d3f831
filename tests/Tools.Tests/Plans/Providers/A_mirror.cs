using System.IO.Compression;
using System.Text;

namespace McpInfra.Tools.Tests.Plans.Providers;

/// <summary>A file-system mirror of one made-up provider.</summary>
internal sealed class A_mirror : IDisposable
{
    public const string Platform = "linux_amd64";

    public string Folder { get; } = Directory.CreateTempSubdirectory("mcp-infra-mirror-").FullName;

    private string Packages => Path.Combine(Folder, "registry.terraform.io", "hashicorp", "null");

    public string Unpacked(string version, string content = "a program")
    {
        var folder = Path.Combine(Packages, version, Platform);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, $"terraform-provider-null_v{version}"), content);
        return folder;
    }

    public string Packed(string version, params IReadOnlyList<(string Name, string Content)> files)
    {
        Directory.CreateDirectory(Packages);
        var path = Path.Combine(Packages, $"terraform-provider-null_{version}_{Platform}.zip");
        File.WriteAllBytes(path, Zip(files));
        return path;
    }

    public static byte[] Zip(params IReadOnlyList<(string Name, string Content)> files)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return memory.ToArray();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
