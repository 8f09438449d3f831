using CliWrap;
using CliWrap.Buffered;

namespace McpInfra.TestKit;

/// <summary>The real terraform with the real AWS provider from a mirror of this machine, in a scratch folder.</summary>
public sealed class Terraform
{
    private readonly string _program;

    private Terraform(string program, string? mirror, string folder)
    {
        _program = program;
        Folder = folder;
        CliConfig = Path.Combine(folder, "cli.tfrc");
        File.WriteAllText(CliConfig, mirror is null ? "" : $$"""
            provider_installation {
              filesystem_mirror {
                path = "{{mirror.Replace('\\', '/')}}"
              }
            }
            """);
    }

    /// <summary>The folder of the code.</summary>
    public string Folder { get; }

    /// <summary>A CLI configuration that names the mirror.</summary>
    public string CliConfig { get; }

    /// <summary>Terraform for the code in a folder; skips the test where it or the provider is not installed.</summary>
    public static Terraform In(string folder) => new(
        Skip.UnlessFound("terraform"), Mirror() ?? throw Skip.Because("no mirror holds registry.terraform.io/hashicorp/aws; name one in TF_PLUGIN_MIRROR"), folder);

    /// <summary>Terraform with the provider that is built into it, for the code in a folder; skips the test where it is not installed.</summary>
    public static Terraform Alone(string folder) => new(Skip.UnlessFound("terraform"), null, folder);

    /// <summary>A folder of providers with hashicorp/aws in it; null where there is none.</summary>
    public static string? Mirror()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] roots = ["/opt", "/usr/share", "/usr/local/share", "/var/lib"];
        return new[] { Environment.GetEnvironmentVariable("TF_PLUGIN_MIRROR"), Path.Combine(home, ".terraform.d", "plugins") }
            .Concat(roots)
            .Concat(roots.Where(Directory.Exists).SelectMany(Folders))
            .OfType<string>()
            .FirstOrDefault(folder => Directory.Exists(Path.Combine(folder, "registry.terraform.io", "hashicorp", "aws")));
    }

    /// <summary>Runs terraform; a failure throws with what it wrote.</summary>
    public async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken stop)
    {
        var run = await Cli.Wrap(_program)
            .WithArguments(arguments)
            .WithWorkingDirectory(Folder)
            .WithEnvironmentVariables(v => v.Set("TF_CLI_CONFIG_FILE", CliConfig).Set("CHECKPOINT_DISABLE", "1").Set("TF_IN_AUTOMATION", "1"))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(stop);
        return run.IsSuccess ? run.StandardOutput : throw new InvalidOperationException($"terraform {string.Join(' ', arguments)}: {run.StandardOutput}{run.StandardError}");
    }

    /// <summary>Initializes and applies.</summary>
    public async Task ApplyAsync(CancellationToken stop, string workspace = "default")
    {
        await RunAsync(["init", "-input=false", "-no-color"], stop);
        if (workspace != "default")
        {
            await RunAsync(["workspace", "new", workspace], stop);
        }

        await RunAsync(["apply", "-input=false", "-auto-approve", "-no-color", "-parallelism=4"], stop);
    }

    private static IEnumerable<string> Folders(string root) => new DirectoryInfo(root).EnumerateDirectories().Select(d => d.FullName);
}
