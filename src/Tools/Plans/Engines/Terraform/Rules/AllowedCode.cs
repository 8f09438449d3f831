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

    /// <summary>One text that changes with it.</summary>
    public string Mark => Digest.Of(Encoded("providers", Providers) + Encoded("functions", Functions) + Encoded("data", Data));

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
