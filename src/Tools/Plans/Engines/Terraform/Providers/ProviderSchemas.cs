using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>What the providers' schemas mark as sensitive: asked of each verified provider once, in a cage that holds no state yet and reaches nothing, and kept by its hash.</summary>
/// <param name="folder">Where they are kept.</param>
public sealed class ProviderSchemas(string folder) : IDisposable
{
    private const int MostKept = 200;
    private const int MostFile = 16 << 20;

    private readonly SemaphoreSlim one = new(1);
    private readonly Dictionary<string, SensitiveSchema> known = new(StringComparer.Ordinal);

    /// <summary>What the providers mark.</summary>
    /// <exception cref="EngineException">A provider does not say.</exception>
    /// <exception cref="SandboxException">The cage broke.</exception>
    public async Task<SensitiveSchema> OfAsync(TerraformRun run, IReadOnlyList<VerifiedPackage> packages, CancellationToken stop)
    {
        await one.WaitAsync(stop);
        try
        {
            var unknown = packages.Where(package => !IsKnown(package)).ToList();
            if (unknown.Count > 0)
            {
                Keep(unknown, await AskAsync(run, unknown, stop));
            }

            return SensitiveSchema.All(packages.Select(package => IsKnown(package) ? known[Key(package)] : throw new EngineException("The state folder does not keep what a provider marks as sensitive. Look at its disk and permissions.")));
        }
        finally
        {
            one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => one.Dispose();

    private static async Task<SensitiveSchema> AskAsync(TerraformRun run, IReadOnlyList<VerifiedPackage> packages, CancellationToken stop)
    {
        var code = JsonSerializer.SerializeToUtf8Bytes(new
        {
            terraform = new
            {
                required_providers = packages.Select((package, index) => (Name: $"p{index}", package)).ToDictionary(pair => pair.Name, pair => new { source = pair.package.Address.ToString() }),
            },
        });
        var input = new TerraformInput([("main.tf.json", () => code)], ".", "default", SanitizedState.Empty, []) { Packages = new PackageSet(packages, []), Modules = [] };
        var said = await run.SchemasAsync(input, stop);
        try
        {
            return SensitiveSchema.Read(said ?? throw new EngineException("A provider did not tell its schema, so what is secret in the state cannot be known. See that the engine and the provider are made for this machine."));
        }
        catch (InvalidDataException exception)
        {
            throw new EngineException($"{exception.Message} Use a version of terraform that is known here (1.4 to 1.13).", exception);
        }
    }

    private bool IsKnown(VerifiedPackage package)
    {
        if (known.ContainsKey(Key(package)))
        {
            return true;
        }

        var file = new FileInfo(Path.Combine(folder, Key(package)));
        if (file is not { Exists: true, Length: <= MostFile })
        {
            return false;
        }

        try
        {
            known[Key(package)] = SensitiveSchema.From(JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<string>>>(File.ReadAllBytes(file.FullName)) ?? []);
            return true;
        }
        catch (JsonException)
        {
            return false; // A file that was cut is asked for again.
        }
    }

    private void Keep(IReadOnlyList<VerifiedPackage> packages, SensitiveSchema schema)
    {
        Directory.CreateDirectory(folder);
        if (known.Count + packages.Count > MostKept)
        {
            known.Clear(); // They are still on disk.
        }

        foreach (var old in new DirectoryInfo(folder).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(MostKept - packages.Count))
        {
            old.Delete();
        }

        foreach (var package in packages)
        {
            var own = schema.Paths.Where(pair => pair.Key.StartsWith($"{package.Address} ", StringComparison.Ordinal)).ToDictionary();
            var path = Path.Combine(folder, Key(package));
            File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(own));
            File.Move(path + ".new", path, overwrite: true);
            known[Key(package)] = SensitiveSchema.From(own);
        }
    }

    private static string Key(VerifiedPackage package) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{package.Address} {package.Version} {package.Hash}")));
}
