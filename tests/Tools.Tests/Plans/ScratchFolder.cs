using McpInfra.TestKit;

namespace McpInfra.Tools.Tests.Plans;

/// <summary>A temporary folder with a CLI configuration that names this machine's provider mirror.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mcp-infra-test-").FullName;

    /// <summary>Path of the configuration; skips the test where there is no mirror.</summary>
    public string Mirror()
    {
        var mirror = Terraform.Mirror() ?? throw Skip.Because("no mirror holds registry.terraform.io/hashicorp/aws; name one in TF_PLUGIN_MIRROR");
        var file = System.IO.Path.Combine(Path, "terraform.rc");
        File.WriteAllText(file, $"plugin_cache_dir = \"/nowhere\"\nprovider_installation {{\n  filesystem_mirror {{\n    path = \"{mirror}\"\n  }}\n}}\n");
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
