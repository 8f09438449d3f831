using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using McpInfra.Tools.Sandbox;

namespace McpInfra.Attacks.HostileRepositories;

/// <summary>An operator's mirror with a provider in it that is a shell beside its script, and does what the stack's own payload says.</summary>
internal static class HostileMirror
{
    // terraform may miss what a program said that has left already; it ends this one as soon as it has read a line.
    private const string Stay = "exec 3<> <(:)\nread -t 2 -u 3\n";

    /// <summary>Fills a folder.</summary>
    public static void Write(string folder, string shell)
    {
        var platform = ProviderPackages.Platform(SandboxKind.Bubblewrap);
        var package = Directory.CreateDirectory(Path.Combine(folder, "registry.terraform.io", "acme", "evil", "1.0.0", platform)).FullName;
        File.Copy(shell, Path.Combine(package, "bash"));
        var program = Path.Combine(package, "terraform-provider-evil_v1.0.0");
        File.WriteAllText(program, $"#!/work/data/providers/registry.terraform.io/acme/evil/1.0.0/{platform}/bash\n. ./payload.sh\n{Stay}");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
        }
    }

    /// <summary>A CLI configuration that names it.</summary>
    public static string Configuration(string folder) => $"provider_installation {{\n  filesystem_mirror {{\n    path = \"{folder}\"\n  }}\n}}\n";
}
