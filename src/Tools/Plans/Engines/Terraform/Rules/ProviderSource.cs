namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Where providers come from, in one spelling: `hashicorp/aws`, with the host before it when it is another than the public registry.</summary>
internal static class ProviderSource
{
    /// <summary>The provider that is part of the engine.</summary>
    public const string BuiltIn = "terraform.io/builtin/terraform";

    private static readonly string[] DefaultHosts = ["registry.terraform.io", "registry.opentofu.org"];

    private static readonly HashSet<string> Usual = new(StringComparer.Ordinal)
    {
        BuiltIn, "hashicorp/archive", "hashicorp/aws", "hashicorp/awscc", "hashicorp/azuread", "hashicorp/azurerm", "hashicorp/cloudinit", "hashicorp/consul",
        "hashicorp/google", "hashicorp/google-beta", "hashicorp/helm", "hashicorp/kubernetes", "hashicorp/local", "hashicorp/nomad", "hashicorp/null",
        "hashicorp/random", "hashicorp/time", "hashicorp/tls", "hashicorp/vault",
    };

    // They exist to run programs and to call hosts; an operator's list does not bring them back.
    private static readonly HashSet<string> Never = ["hashicorp/external", "hashicorp/http"];

    /// <summary>The one spelling, or null when it is no source.</summary>
    public static string? Normal(string source)
    {
        var parts = source.ToLowerInvariant().Split('/');
        return !Ascii.IsPlain(source) || parts.Any(part => part.Length == 0 || part.Any(char.IsWhiteSpace)) ? null : parts switch
        {
            [var type] => $"hashicorp/{type}",
            [var space, var type] => $"{space}/{type}",
            [var host, var space, var type] when DefaultHosts.Contains(host) => $"{space}/{type}",
            [_, _, _] => string.Join('/', parts),
            _ => null,
        };
    }

    /// <summary>What a provider is when code only uses its name.</summary>
    public static string Implied(string name) => name == "terraform" ? BuiltIn : Normal(name) ?? "";

    /// <summary>Whether it may run.</summary>
    public static bool Allows(string source, IEnumerable<string> operators) =>
        !Never.Contains(source) && (Usual.Contains(source) || operators.Any(allowed => Normal(allowed) == source));
}
