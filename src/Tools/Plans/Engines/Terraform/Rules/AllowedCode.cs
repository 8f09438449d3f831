using System.Text;
using McpInfra.Guardrails.Agents;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>What code may use in a plan, as the operator allows it. Unset lists are the built-in ones.</summary>
public sealed record AllowedCode
{
    private const string PublicRegistry = "registry.terraform.io";
    private const string Https = "https://";

    /// <summary>Sources of providers besides the usual ones, such as `acme/thing` or `registry.acme.dev/acme/thing`.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>Functions of providers besides the pure ones of the official providers, such as `acme/thing::parse`.</summary>
    public IReadOnlyList<string> Functions { get; init; } = [];

    /// <summary>Types of data sources: names and globs. A glob never allows one that is refused by default; its name in full does.</summary>
    public IReadOnlyList<string> Data { get; init; } = ["*"];

    /// <summary>
    /// Modules that may be fetched: names and globs such as `acme/*/aws`, `registry.acme.dev/*`, `git::https://github.com/acme/*` or `https://files.acme.dev/modules/*`.
    /// Built in are those of the public registry whose namespaces belong to the clouds, the engine's maker, and the widely used collections.
    /// </summary>
    public IReadOnlyList<string> Modules { get; init; } =
        ["terraform-aws-modules/*", "aws-ia/*", "Azure/*", "terraform-google-modules/*", "GoogleCloudPlatform/*", "oracle-terraform-modules/*", "hashicorp/*", "cloudposse/*"];

    /// <summary>One text that changes with it.</summary>
    public string Mark => Digest.Of(Encoded("providers", Providers) + Encoded("functions", Functions) + Encoded("data", Data) + Encoded("modules", Modules));

    /// <summary>Whether the package of a module may be fetched.</summary>
    public bool AllowsModule(string package) => Glob.AnyMatches([.. Modules.Select(Whole)], package);

    /// <summary>Whether a registry may hand out a package for one of its modules: what lies at the registry's own host, what is on the list itself, and of the public registry what lies on GitHub, where all of its modules do.</summary>
    /// <param name="registry">The registry's host.</param>
    /// <param name="package">The package that it hands out.</param>
    public bool AllowsFrom(string registry, string package) =>
        AllowsModule(package) || HostOf(package) == registry || (registry == PublicRegistry && package.StartsWith("git::https://github.com/", StringComparison.Ordinal));

    /// <summary>Whether a host may be asked for a package of another: it is the same, the list names modules at it, or it is where GitHub keeps its archives.</summary>
    public bool AllowsHost(string origin, string host) => host == origin || Modules.Any(modules => HostOf(modules) == host) || (origin is "github.com" or "api.github.com" && host == "codeload.github.com");

    /// <summary>The host, and its port unless it is the usual one, of a package or of globs of them at one host; null for none.</summary>
    public static string? HostOf(string package)
    {
        var address = package.StartsWith("git::", StringComparison.Ordinal) ? package[5..] : package;
        return address.StartsWith(Https, StringComparison.Ordinal) && address.IndexOf('/', Https.Length) is > 0 and var end && Uri.TryCreate(address[..end], UriKind.Absolute, out var url) ? url.Authority : null;
    }

    /// <summary>Whether the text can name modules: a registry's, git over https, or archives at https.</summary>
    public static bool IsModules(string text) =>
        text.StartsWith("git::https://", StringComparison.Ordinal) || text.StartsWith(Https, StringComparison.Ordinal) || text.StartsWith("git::file:///", StringComparison.Ordinal) || (text.Split('/') is { Length: >= 2 } parts && parts.All(part => part.Length > 0) && !text.Contains(':', StringComparison.Ordinal));

    // Without a host, the public registry's.
    private static string Whole(string allowed) =>
        allowed.StartsWith("git::", StringComparison.Ordinal) || allowed.StartsWith(Https, StringComparison.Ordinal) || allowed.Split('/')[0].Contains('.', StringComparison.Ordinal) ? allowed : $"{PublicRegistry}/{allowed}";

    /// <summary>Whether the text is a source of providers.</summary>
    public static bool IsSource(string text) => text.Contains('/', StringComparison.Ordinal) && ProviderSource.Normal(text) is not null;

    /// <summary>Why a type of data sources may not be used; null when it may.</summary>
    public string? WhyNotData(string type) =>
        Data.Contains(type) ? null
        : RefusedData.Why(type) ?? (Glob.AnyMatches(Data, type) ? null : "is not on the list of those that may be read");

    /// <summary>Whether a function of a provider may run.</summary>
    public bool AllowsFunction(string source, string name) =>
        Rules.Functions.IsOf(source, name) || Functions.Any(allowed => allowed.Split("::") is [var provider, var function] && ProviderSource.Normal(provider) == source && function == name);

    private static string Encoded(string name, IEnumerable<string> values)
    {
        var text = new StringBuilder(name);
        foreach (var value in values.Order(StringComparer.Ordinal))
        {
            text.Append(' ').Append(value.Length).Append(':').Append(value);
        }

        return text.Append('\n').ToString();
    }
}
