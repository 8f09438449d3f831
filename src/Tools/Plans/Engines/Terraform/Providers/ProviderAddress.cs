using System.Text.RegularExpressions;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>A provider's whole name. Its parts are safe to use as names of folders.</summary>
/// <param name="Host">The registry that it belongs to, in lower case.</param>
/// <param name="Namespace">Who makes it.</param>
/// <param name="Type">What it is called.</param>
public sealed partial record ProviderAddress(string Host, string Namespace, string Type)
{
    /// <summary>The registry of sources that name none.</summary>
    public const string DefaultHost = "registry.terraform.io";

    /// <summary>Whether it is part of the engine.</summary>
    public bool IsBuiltIn => Host == "terraform.io";

    /// <summary>Reads `namespace/type` or `host/namespace/type`; null when it is neither.</summary>
    /// <param name="source">As code writes it.</param>
    /// <param name="host">The registry when it names none.</param>
    public static ProviderAddress? Parse(string source, string host = DefaultHost) => source.ToLowerInvariant().Split('/') switch
    {
        [var space, var type] => Of(host, space, type),
        [var named, var space, var type] => Of(named, space, type),
        _ => null,
    };

    /// <summary>Whether a pattern of a CLI configuration (`hashicorp/aws`, `example.com/*/*`) stands for it.</summary>
    public bool Matches(string pattern)
    {
        var parts = pattern.ToLowerInvariant().Split('/');
        string[] mine = [Host, Namespace, Type];
        return (parts.Length == 2 ? [DefaultHost, .. parts] : parts) is { Length: 3 } wanted && wanted.Zip(mine).All(pair => pair.First == "*" || pair.First == pair.Second);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Host}/{Namespace}/{Type}";

    private static ProviderAddress? Of(string host, string space, string type) =>
        HostName().IsMatch(host) && Name().IsMatch(space) && Name().IsMatch(type) ? new(host, space, type) : null;

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?\z")]
    private static partial Regex HostName();

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?\z")]
    private static partial Regex Name();
}
