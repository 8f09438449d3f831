using System.Globalization;
using System.Text.RegularExpressions;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>A semantic version. Build metadata counts for nothing but its text.</summary>
/// <param name="Major">First number.</param>
/// <param name="Minor">Second number.</param>
/// <param name="Patch">Third number.</param>
/// <param name="Prerelease">What follows `-`; empty for a release.</param>
public sealed partial record ProviderVersion(int Major, int Minor, int Patch, string Prerelease = "") : IComparable<ProviderVersion>
{
    /// <summary>Reads `1`, `1.2`, `1.2.3` or `1.2.3-rc1`; null when it is no version.</summary>
    public static ProviderVersion? Parse(string text)
    {
        var match = Form().Match(text);
        return match.Success ? new(Number(match.Groups[1]), Number(match.Groups[2]), Number(match.Groups[3]), match.Groups[4].Value) : null;
    }

    /// <summary>Whether one is older than another.</summary>
    public static bool operator <(ProviderVersion left, ProviderVersion right) => left.CompareTo(right) < 0;

    /// <summary>Whether one is newer than another.</summary>
    public static bool operator >(ProviderVersion left, ProviderVersion right) => left.CompareTo(right) > 0;

    /// <summary>Whether one is not newer than another.</summary>
    public static bool operator <=(ProviderVersion left, ProviderVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one is not older than another.</summary>
    public static bool operator >=(ProviderVersion left, ProviderVersion right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public int CompareTo(ProviderVersion? other) =>
        other is null ? 1
        : (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch)) is var numbers && numbers != 0 ? numbers
        : Prerelease.Length == 0 || other.Prerelease.Length == 0 ? other.Prerelease.Length.CompareTo(Prerelease.Length)
        : Identifiers(Prerelease, other.Prerelease);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}{(Prerelease.Length > 0 ? "-" : "")}{Prerelease}");

    // Dot by dot; numbers by value and before words, the shorter list first: https://semver.org, 11.4.
    private static int Identifiers(string first, string second)
    {
        var (left, right) = (first.Split('.'), second.Split('.'));
        foreach (var (a, b) in left.Zip(right))
        {
            var (isNumber, otherIsNumber) = (int.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out var x), int.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out var y));
            var order = isNumber && otherIsNumber ? x.CompareTo(y) : isNumber ? -1 : otherIsNumber ? 1 : string.CompareOrdinal(a, b);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private static int Number(Group group) => group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"\Av?([0-9]{1,9})(?:\.([0-9]{1,9}))?(?:\.([0-9]{1,9}))?(?:-([0-9A-Za-z.-]{1,64}))?(?:\+[0-9A-Za-z.-]{1,64})?\z")]
    private static partial Regex Form();
}
