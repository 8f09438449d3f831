using System.Text;
using McpInfra.Guardrails.Agents;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>What code may use in a plan, as the operator allows it. Unset lists are the built-in ones.</summary>
public sealed record AllowedCode
{
    /// <summary>Sources of providers besides the usual ones, such as `acme/thing` or `registry.acme.dev/acme/thing`.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>Functions of providers besides the pure ones of the official providers, such as `acme/thing::parse`.</summary>
    public IReadOnlyList<string> Functions { get; init; } = [];

    /// <summary>Types of data sources: names and globs. A glob never allows one that is refused by default; its name in full does.</summary>
    public IReadOnlyList<string> Data { get; init; } = ["*"];

    /// <summary>
    /// Modules that may be fetched: names and globs such as `acme/*/aws`, `registry.acme.dev/*` or `git::https://github.com/acme/*`.
    /// Built in are those of the public registry whose namespaces belong to the clouds, the engine's maker, and the widely used collections.
    /// </summary>
    public IReadOnlyList<string> Modules { get; init; } =
        ["terraform-aws-modules/*", "aws-ia/*", "Azure/*", "terraform-google-modules/*", "GoogleCloudPlatform/*", "oracle-terraform-modules/*", "hashicorp/*", "cloudposse/*"];

    /// <summary>One text that changes with it.</summary>
    public string Mark => Digest.Of(Encoded("providers", Providers) + Encoded("functions", Functions) + Encoded("data", Data) + Encoded("modules", Modules));

    /// <summary>Whether the package of a module may be fetched.</summary>
    public bool AllowsModule(string package) => Glob.AnyMatches([.. Modules.Select(Whole)], package);

    /// <summary>Whether the text can name modules: a registry's, or git over https.</summary>
    public static bool IsModules(string text) =>
        text.StartsWith("git::https://", StringComparison.Ordinal) || text.StartsWith("git::file:///", StringComparison.Ordinal) || (text.Split('/') is { Length: >= 2 } parts && parts.All(part => part.Length > 0) && !text.Contains(':', StringComparison.Ordinal));

    // Without a host, the public registry's.
    private static string Whole(string allowed) =>
        allowed.StartsWith("git::", StringComparison.Ordinal) || allowed.Split('/')[0].Contains('.', StringComparison.Ordinal) ? allowed : "registry.terraform.io/" + allowed;

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
