namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>What code asks of a version: `>= 5.0, != 5.3.1`, `~> 5.2`.</summary>
public sealed class VersionConstraints
{
    private static readonly string[] Operators = ["~>", ">=", "<=", "!=", ">", "<", "="];
    private readonly IReadOnlyList<(string Operator, ProviderVersion Version, int Written)> terms;

    private VersionConstraints(IReadOnlyList<(string, ProviderVersion, int)> terms) => this.terms = terms;

    /// <summary>Asks nothing.</summary>
    public static VersionConstraints None { get; } = new([]);

    /// <summary>Reads them; null when they are none.</summary>
    public static VersionConstraints? Parse(string text)
    {
        var terms = new List<(string, ProviderVersion, int)>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var sign = Operators.FirstOrDefault(sign => part.StartsWith(sign, StringComparison.Ordinal)) ?? "";
            var number = part[sign.Length..].Trim();
            if (ProviderVersion.Parse(number) is not { } version)
            {
                return null;
            }

            terms.Add((sign, version, number.Split('-')[0].Split('.').Length));
        }

        return new(terms);
    }

    /// <summary>Whether a version meets them all. A prerelease must be asked for by name.</summary>
    public bool Allow(ProviderVersion version) =>
        terms.All(term => Allows(term, version)) && (version.Prerelease.Length == 0 || terms.Any(term => term.Operator is "" or "=" && term.Version == version));

    private static bool Allows((string Operator, ProviderVersion Version, int Written) term, ProviderVersion version) => term.Operator switch
    {
        ">" => version > term.Version,
        ">=" => version >= term.Version,
        "<" => version < term.Version,
        "<=" => version <= term.Version,
        "!=" => version != term.Version,
        "~>" => version >= term.Version && version < Next(term.Version, term.Written),
        _ => version == term.Version,
    };

    // `~> 1.2.3` ends before 1.3, `~> 1.2` and `~> 1` before 2.
    private static ProviderVersion Next(ProviderVersion version, int written) =>
        written >= 3 ? new(version.Major, version.Minor + 1, 0, "0") : new(version.Major + 1, 0, 0, "0");
}
