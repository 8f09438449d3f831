using System.Text.Json;
using System.Text.Json.Serialization;
using McpInfra.Graph.Hcl;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using McpInfra.Tools.Sandbox;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>
/// What `init` would leave behind, written by us: verified providers linked where the engine looks for them, versions pinned, modules found, our state as the backend.
/// So a plan starts at once, and nothing in the cage downloads, copies or hashes. An engine that wants it otherwise says so, and `init` is run after all.
/// </summary>
/// <param name="sandbox">Where it is written.</param>
/// <param name="input">What is planned.</param>
/// <param name="root">The folder of the work folder that it lies in, with `/` at its end; empty for the work folder itself.</param>
internal sealed class DataFolder(ISandbox sandbox, TerraformInput input, string root)
{
    /// <summary>Relative to the root, the only place from which `init` may take providers.</summary>
    public const string Mirror = "mirror";

    /// <summary>Relative to the root.</summary>
    public const string Data = "data";

    private static readonly JsonSerializerOptions Written = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly string platform = ProviderPackages.Platform(sandbox.Kind);

    /// <summary>Writes it.</summary>
    /// <param name="cage">The open cage.</param>
    /// <param name="folder">The stack's folder in the work folder.</param>
    /// <param name="up">From there to the root.</param>
    /// <param name="stop">Cancels.</param>
    public async Task WriteAsync(Cage cage, string folder, string up, CancellationToken stop)
    {
        foreach (var package in input.Packages.Packages)
        {
            var shown = sandbox.Shown(package.Bind(platform));
            await cage.LinkAsync($"{root}{Data}/providers/{package.Layout(platform)}", shown, stop);
            await cage.LinkAsync($"{root}{Mirror}/{package.Layout(platform)}", shown, stop);
        }

        await cage.WriteAsync($"{folder}/{LockFile.FileName}", LockFile.Pinning(input.Packages.Packages), stop);
        await cage.WriteAsync($"{root}{Data}/terraform.tfstate", BackendOverride.Record(up), stop);
        if (input.Modules is { } modules)
        {
            await cage.WriteAsync($"{root}{Data}/modules/modules.json", Manifest(modules), stop);
        }
    }

    private byte[] Manifest(IReadOnlyList<Rules.InstalledModule> modules) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        Modules = modules.Select(module => new { module.Key, module.Source, module.Version, Dir = Relative(module.Folder) }).Prepend(new { Key = "", Source = "", Version = (string?)null, Dir = "." }),
    }, Written);

    private string Relative(string folder)
    {
        string[] Parts(string path) => path == "." ? [] : path.Split('/');
        var (from, to) = (Parts(CodePath.Normal(input.Stack) ?? "."), Parts(folder));
        var shared = from.Zip(to).TakeWhile(pair => pair.First == pair.Second).Count();
        var path = string.Join('/', Enumerable.Repeat("..", from.Length - shared).Concat(to.Skip(shared)));
        return path.Length == 0 ? "." : path;
    }
}
