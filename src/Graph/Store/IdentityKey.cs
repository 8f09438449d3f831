namespace McpInfra.Graph.Store;

/// <summary>The form in which an id or alias is compared. Azure's ids mean the same in any case; others do not.</summary>
internal static class IdentityKey
{
    private const string Azure = "/subscriptions/";

    public static string Of(string id) => Bounded.Key(Bounded.Letters(id.StartsWith(Azure, StringComparison.OrdinalIgnoreCase) ? id.ToLowerInvariant() : id));

    /// <summary>A text as the record's `lower` has it, which knows the letters of ASCII.</summary>
    public static string Folded(string text) => string.Create(text.Length, text, (folded, from) =>
    {
        for (var at = 0; at < from.Length; at++)
        {
            folded[at] = char.IsAsciiLetterUpper(from[at]) ? (char)(from[at] | 0x20) : from[at];
        }
    });

    /// <summary>Whether two different ids can never name one resource, whatever their aliases say.</summary>
    public static bool AreRivals(string one, string other) =>
        one != other && (BothStart(one, other, "arn:") || BothStart(one, other, Azure));

    private static bool BothStart(string one, string other, string prefix) =>
        one.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && other.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
}
