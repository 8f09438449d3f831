using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using McpInfra.Tools.Sandbox;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>The engine's own binary and where its providers come from, each with a hash.</summary>
/// <param name="Path">Absolute path of the binary, links resolved.</param>
/// <param name="Hash">SHA-256 of the binary, hexadecimal.</param>
/// <param name="Config">Where providers come from.</param>
/// <param name="ProvidersMark">Changes when a mirror's content does.</param>
public sealed record TerraformProgram(string Path, string Hash, CliConfig Config, string ProvidersMark)
{
    private const int MostMirrored = 50_000;
    private static Hashed? hashed;

    /// <summary>The registry of providers whose source names none.</summary>
    public string DefaultHost => System.IO.Path.GetFileNameWithoutExtension(Path) == "tofu" ? "registry.opentofu.org" : ProviderAddress.DefaultHost;

    /// <summary>Finds the engine as the operator's settings say.</summary>
    /// <exception cref="EngineException">It is not here, or is no program of its own.</exception>
    public static TerraformProgram Find(EngineSettings settings)
    {
        var found = OnPath(settings.Path) ?? throw new EngineException(
            "terraform is not on this machine. Install it (https://developer.hashicorp.com/terraform/install) and put it on the server's PATH, or name it in engines.terraform.path of mcp-infra.yaml.");
        var path = OwnProgram.Resolved(found);
        var config = CliConfig.Read(settings.CliConfig);
        return new TerraformProgram(path, HashOf(path), config, Mark(config));
    }

    private static string? OnPath(string name) =>
        System.IO.Path.IsPathFullyQualified(name) ? (File.Exists(name) ? name : null)
        : name.Contains('/', StringComparison.Ordinal) || name.Contains('\\', StringComparison.Ordinal) ? throw new EngineException("engines.terraform.path must be a name on PATH or an absolute path. Correct it in mcp-infra.yaml.")
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(System.IO.Path.IsPathFullyQualified)
            .SelectMany(folder => new[] { System.IO.Path.Combine(folder, name), System.IO.Path.Combine(folder, name + ".exe") })
            .FirstOrDefault(File.Exists);

    private static string HashOf(string path)
    {
        var file = new FileInfo(path);
        if (hashed is { } before && before.Path == path && before.Length == file.Length && before.Written == file.LastWriteTimeUtc)
        {
            return before.Hash;
        }

        using var stream = file.OpenRead();
        Span<byte> start = stackalloc byte[2];
        if (stream.ReadAtLeast(start, 2, throwOnEndOfStream: false) < 2 || start.SequenceEqual("#!"u8))
        {
            throw new EngineException("The terraform found is a script that starts another one (tfenv, asdf, …). Name the binary itself in engines.terraform.path of mcp-infra.yaml.");
        }

        stream.Position = 0;
        var hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        hashed = new(path, file.Length, file.LastWriteTimeUtc, hash);
        return hash;
    }

    // Sizes and times of every file: a mirror may hold gigabytes. The hashes of the packages that a run uses are checked before it.
    private static string Mark(CliConfig config)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(config.Methods));
        var left = MostMirrored;
        foreach (var mirror in config.Mirrors)
        {
            foreach (var file in new DirectoryInfo(mirror).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.FullName, StringComparer.Ordinal))
            {
                if (--left < 0)
                {
                    throw new EngineException($"The mirrors hold more than {MostMirrored} files. Name a smaller mirror in the CLI configuration.");
                }

                hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{file.FullName}\0{file.Length}\0{file.LastWriteTimeUtc.Ticks}\n")));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed record Hashed(string Path, long Length, DateTime Written, string Hash);
}
