using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CliWrap;
using CliWrap.Buffered;
using McpInfra.Tools.Sandbox;

namespace McpInfra.TestKit;

/// <summary>
/// The image that manifests/sandbox/Containerfile describes, made by it of this build and the terraform that is here, on a base of this machine's runtime and libraries: no registry is asked.
/// It is kept for the next tests of the same build, one of each checkout.
/// </summary>
public static class ContainedImage
{
    private const string Base = "mcp-infra-test-base";

    private static readonly string[] Libraries = ["ld-linux*", "libc.so*", "libm.so*", "libdl.so*", "libpthread.so*", "librt.so*", "libgcc_s.so*", "libstdc++.so*", "libssl.so*", "libcrypto.so*", "libz.so*"];
    private static readonly string Name = $"mcp-infra-test-sandbox-{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Repository.Root)))[..8]}";
    private static readonly Lazy<Task<string>> Here = new(MakeAsync);

    /// <summary>Its name; skips where no engine can start a container or terraform is missing.</summary>
    public static async Task<string> ReadyAsync()
    {
        await Containers.ReadyAsync();
        return await Here.Value;
    }

    private static async Task<string> MakeAsync()
    {
        var (terraform, engine) = (Real(Skip.UnlessFound("terraform")), Skip.UnlessFound("podman"));
        var image = $"{Name}:{Mark(terraform)}";
        if ((await RunAsync(engine, "image", "exists", image)).ExitCode == 0)
        {
            return image;
        }

        foreach (var old in (await RunAsync(engine, "images", "--filter", $"reference=localhost/{Name}", "--quiet")).StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await RunAsync(engine, "rmi", old);
        }

        var folder = Directory.CreateTempSubdirectory("mcp-infra-image-");
        try
        {
            await Expect(engine, "import", WriteBase(Path.Combine(folder.FullName, "base.tar")), Base);
            Fill(Directory.CreateDirectory(Path.Combine(folder.FullName, "image", "app")).FullName);
            File.Copy(terraform, Path.Combine(Directory.CreateDirectory(Path.Combine(folder.FullName, "image", "engine")).FullName, "terraform"));
            var file = Path.Combine(Repository.Root, "manifests", "sandbox", "Containerfile");
            await Expect(engine, "build", "--tag", image, "--file", file, "--build-arg", $"BASE=localhost/{Base}", "--layers=false", Path.Combine(folder.FullName, "image"));
            return image;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Files => Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
        .Concat(new[] { "mcp-infra", "mcp-infra.deps.json", "mcp-infra.runtimeconfig.json" }.Select(name => Path.Combine(AppContext.BaseDirectory, name)));

    private static void Fill(string folder)
    {
        foreach (var file in Files)
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }

    private static string Mark(string terraform)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Files.Where(file => Path.GetFileName(file) is var name && (name.StartsWith("McpInfra.", StringComparison.Ordinal) || name.StartsWith("mcp-infra", StringComparison.Ordinal))).Order(StringComparer.Ordinal))
        {
            hash.AppendData(File.ReadAllBytes(file));
        }

        hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{terraform} {File.GetLastWriteTimeUtc(terraform):O} {RuntimeEnvironment.GetSystemVersion()}"));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    // The runtime where the runner looks for it, and what it is linked to.
    private static string WriteBase(string path)
    {
        var runtime = OwnProgram.Locate().Binds.Where(bind => bind.Inside.StartsWith("/dotnet", StringComparison.Ordinal));
        var parts = runtime.SelectMany(bind => Directory.Exists(bind.Source)
            ? Directory.EnumerateFiles(bind.Source, "*", SearchOption.AllDirectories).Where(IsOfThisRuntime).Select(file => (From: file, To: $"{bind.Inside}/{Path.GetRelativePath(bind.Source, file)}"))
            : [(From: bind.Source, To: bind.Inside)]);
        var libraries = new[] { "/lib64", "/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu" }.Where(Directory.Exists)
            .SelectMany(folder => Libraries.SelectMany(name => Directory.EnumerateFiles(folder, name))).Select(file => (From: Real(file), To: file));
        using var tar = new TarWriter(File.Create(path));
        var entries = parts.Concat(libraries).ToList();
        foreach (var parent in entries.SelectMany(entry => Parents(entry.To)).Distinct().Order(StringComparer.Ordinal))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, parent[1..]) { Mode = (UnixFileMode)0b111_101_101 }); // Engines make what is not named for its owner alone.
        }

        foreach (var (from, to) in entries)
        {
            tar.WriteEntry(from, to[1..]);
        }

        return path;
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (var parent = Path.GetDirectoryName(path); parent is { Length: > 1 }; parent = Path.GetDirectoryName(parent))
        {
            yield return parent;
        }
    }

    private static string Real(string file) => File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;

    private static bool IsOfThisRuntime(string file) => !file.Contains("/shared/", StringComparison.Ordinal) || file.Contains($"/{Environment.Version}/", StringComparison.Ordinal);

    private static async Task Expect(string engine, params string[] arguments)
    {
        var result = await RunAsync(engine, arguments);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"{engine} {arguments[0]}: {result.StandardError}");
        }
    }

    private static async Task<BufferedCommandResult> RunAsync(string engine, params string[] arguments) =>
        await Cli.Wrap(engine).WithArguments(arguments).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
}
