using McpInfra.Graph.Hcl;
using McpInfra.Tools.Sandbox;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>Where providers come from: the `provider_installation` of the operator's CLI configuration and nothing else of it, else their registries.</summary>
/// <param name="Methods">In the order written.</param>
public sealed record CliConfig(IReadOnlyList<InstallationMethod> Methods)
{
    private const int MostBytes = 256 << 10;

    /// <summary>Providers come from their registries.</summary>
    public static CliConfig Direct { get; } = new([new InstallationMethod("direct", null, [], [])]);

    /// <summary>What the engine gets instead of any configuration: no way to install a provider.</summary>
    public static byte[] Nothing => "disable_checkpoint = true\nprovider_installation {\n}\n"u8.ToArray();

    /// <summary>Folders of file-system mirrors, links resolved.</summary>
    public IReadOnlyList<string> Mirrors => [.. Methods.Where(method => method.Kind == "filesystem_mirror").Select(method => OwnProgram.Resolved(method.Place!))];

    /// <summary>Reads the operator's file; null is <see cref="Direct"/>.</summary>
    /// <exception cref="EngineException">It cannot be read, or says something of providers that is not known.</exception>
    public static CliConfig Read(string? path)
    {
        if (path is null)
        {
            return Direct;
        }

        if (new FileInfo(path) is not { Exists: true, Length: <= MostBytes })
        {
            throw new EngineException("The file named by engines.terraform.cli_config does not exist or is too large. Correct it in mcp-infra.yaml.");
        }

        return Parse(File.ReadAllBytes(path));
    }

    /// <summary>Reads the operator's configuration.</summary>
    /// <exception cref="EngineException">It cannot be read, or says something of providers that is not known.</exception>
    public static CliConfig Parse(byte[] bytes)
    {
        var file = HclReader.Read("terraform.rc", bytes);
        if (file.Fault is { } fault)
        {
            throw new EngineException($"The file named by engines.terraform.cli_config cannot be read at line {fault.Line}: {fault.Message}.");
        }

        var methods = file.Body.Blocks.Where(block => block.Type == "provider_installation").SelectMany(block => block.Body.Blocks).Where(block => block.Type != "dev_overrides").Select(Method).ToList();
        return methods.Count == 0 ? Direct : new CliConfig(methods);
    }

    private static InstallationMethod Method(HclBlock block)
    {
        var place = block.Type switch
        {
            "filesystem_mirror" => Path.IsPathFullyQualified(Text(block, "path")) ? Text(block, "path") : throw At(block, "`path` must be absolute"),
            "network_mirror" => Uri.TryCreate(Text(block, "url"), UriKind.Absolute, out var url) && url is { Scheme: "https", UserInfo: "" } ? Text(block, "url") : throw At(block, "`url` must be https without a credential"),
            "direct" => null,
            _ => throw At(block, "only filesystem_mirror, network_mirror and direct are known"),
        };
        return block.Type == "filesystem_mirror" && !Directory.Exists(place)
            ? throw At(block, "the mirror's folder does not exist")
            : new InstallationMethod(block.Type, place, Patterns(block, "include"), Patterns(block, "exclude"));
    }

    private static string Text(HclBlock block, string name) =>
        block.Body.Attribute(name)?.Value is HclExpression.Text text ? text.Value : throw At(block, $"`{name}` must be one literal string");

    private static List<string> Patterns(HclBlock block, string name) => block.Body.Attribute(name)?.Value switch
    {
        null => [],
        HclExpression.Tuple list => [.. list.Items.Select(item => item is HclExpression.Text text ? text.Value : throw At(block, $"`{name}` must be a list of literal strings"))],
        _ => throw At(block, $"`{name}` must be a list of literal strings"),
    };

    private static EngineException At(HclBlock block, string what) => new($"The file named by engines.terraform.cli_config is wrong at line {block.Span.Line}: {what}.");
}

/// <summary>One way by which providers are installed.</summary>
/// <param name="Kind">filesystem_mirror, network_mirror or direct.</param>
/// <param name="Place">The mirror's folder or URL; null for direct.</param>
/// <param name="Include">Patterns of providers; empty for all.</param>
/// <param name="Exclude">Patterns of providers.</param>
public sealed record InstallationMethod(string Kind, string? Place, IReadOnlyList<string> Include, IReadOnlyList<string> Exclude);
