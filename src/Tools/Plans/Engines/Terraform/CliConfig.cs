using System.Globalization;
using System.Text;
using System.Text.Json;
using McpInfra.Graph.Hcl;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>Where providers come from: the `provider_installation` of the operator's CLI configuration and nothing else of it, else their registries.</summary>
/// <param name="Methods">In the order written.</param>
public sealed record CliConfig(IReadOnlyList<InstallationMethod> Methods)
{
    private const int MostBytes = 256 << 10;
    private static readonly string[] Registries = ["registry.terraform.io:443", "releases.hashicorp.com:443", "registry.opentofu.org:443"];

    /// <summary>Providers come from their registries.</summary>
    public static CliConfig Direct { get; } = new([new InstallationMethod("direct", null, [], [])]);

    /// <summary>Folders of file-system mirrors, as they are shown inside.</summary>
    public IReadOnlyList<ReadOnlyBind> Mirrors =>
        [.. Methods.Where(method => method.Kind == "filesystem_mirror").Select((method, index) => new ReadOnlyBind(OwnProgram.Resolved(method.Place!), Inside(index)))];

    /// <summary>What may be reached while providers are installed.</summary>
    public IReadOnlyList<Endpoint> Reaches =>
        [.. Methods.SelectMany(method => method.Kind switch
        {
            "direct" => Registries,
            "network_mirror" => [$"{new Uri(method.Place!).Host}:{new Uri(method.Place!).Port}"],
            _ => [],
        }).Distinct().Select(text => Endpoint.TryParse(text, out var endpoint) ? endpoint : null).OfType<Endpoint>()];

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

    /// <summary>The configuration that the engine gets.</summary>
    /// <param name="shown">Where a mirror is seen by the engine.</param>
    public byte[] Generate(Func<ReadOnlyBind, string> shown)
    {
        var text = new StringBuilder("disable_checkpoint = true\nprovider_installation {\n");
        var mirrors = new Queue<ReadOnlyBind>(Mirrors);
        foreach (var method in Methods)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {method.Kind} {{\n");
            _ = method.Kind switch
            {
                "filesystem_mirror" => text.Append(CultureInfo.InvariantCulture, $"    path = {Quoted(shown(mirrors.Dequeue()).Replace('\\', '/'))}\n"),
                "network_mirror" => text.Append(CultureInfo.InvariantCulture, $"    url = {Quoted(method.Place!)}\n"),
                _ => text,
            };
            Names(text, "include", method.Include);
            Names(text, "exclude", method.Exclude);
            text.Append("  }\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("}\n").ToString());
    }

    private static string Inside(int mirror) => $"/mirrors/{mirror}";

    private static void Names(StringBuilder text, string name, IReadOnlyList<string> patterns)
    {
        if (patterns.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {name} = [{string.Join(", ", patterns.Select(Quoted))}]\n");
        }
    }

    // A JSON string is an HCL string but for template sequences.
    private static string Quoted(string text) => JsonSerializer.Serialize(text).Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal);

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

/// <summary>The engine cannot run here; the message is our own words and says what mends it.</summary>
public sealed class EngineException(string message, Exception? inner = null) : Exception(message, inner);
