using System.Collections.Frozen;
using McpInfra.Graph.Collectors.State;

namespace McpInfra.Graph.Collectors.Azure;

/// <summary>An Azure resource id, read as what it names.</summary>
/// <param name="Id">The id.</param>
/// <param name="Type">The type: `Microsoft.Network/virtualNetworks/subnets`.</param>
/// <param name="Parent">Id of what contains it: the parent resource, resource group or subscription; null for a subscription.</param>
internal sealed record AzureId(string Id, string Type, string? Parent)
{
    public const string Subscription = "Microsoft.Resources/subscriptions";
    public const string ResourceGroup = "Microsoft.Resources/subscriptions/resourceGroups";

    private static readonly FrozenDictionary<string, string> Spelling = EmbeddedTable.Rows("types.txt").Select(row => row[1]).Where(type => type.StartsWith("Microsoft.", StringComparison.Ordinal))
        .DistinctBy(type => type, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(type => type, StringComparer.OrdinalIgnoreCase);

    /// <summary>The last part of the id.</summary>
    public string Name => Id[(Id.LastIndexOf('/') + 1)..];

    /// <summary>The id read whole, or null when it is none.</summary>
    public static AzureId? Of(string text) => Read(text, _ => true);

    /// <summary>The id cut to the deepest resource that stands for itself: a part such as an IP configuration is no resource of its own.</summary>
    /// <param name="text">Anything.</param>
    /// <param name="stands">Whether a type of several parts is one of resources.</param>
    public static AzureId? Of(string text, Func<string, bool> stands) => Read(text, stands);

    /// <summary>A type as its provider spells it; Resource Graph answers in lower case.</summary>
    public static string Spelled(string type, string? fromId) =>
        Spelling.GetValueOrDefault(type) ?? (type.Equals(fromId, StringComparison.OrdinalIgnoreCase) ? fromId! : type);

    private static AzureId? Read(string text, Func<string, bool> stands)
    {
        if (!text.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var parts = text.TrimEnd('/').Split('/');
        if (parts.Length < 3 || Array.Exists(parts[1..], part => part.Length == 0))
        {
            return null;
        }

        var at = Array.FindLastIndex(parts, part => part.Equals("providers", StringComparison.OrdinalIgnoreCase));
        return at < 0 ? Container(parts) : Resource(parts, at, stands);
    }

    private static AzureId? Container(string[] parts) => parts.Length switch
    {
        3 => new(string.Join('/', parts), Subscription, null),
        5 when parts[3].Equals("resourceGroups", StringComparison.OrdinalIgnoreCase) => new(string.Join('/', parts), ResourceGroup, string.Join('/', parts[..3])),
        _ => null,
    };

    private static AzureId? Resource(string[] parts, int at, Func<string, bool> stands)
    {
        var length = parts.Length - at - 2;
        if (length < 2)
        {
            return null;
        }

        for (var pairs = length / 2; pairs > 1; pairs--)
        {
            var type = TypeOf(parts, at, pairs);
            if (stands(type))
            {
                return new(string.Join('/', parts[..(at + 2 + (pairs * 2))]), Spelled(type, type), string.Join('/', parts[..(at + (pairs * 2))]));
            }
        }

        var whole = TypeOf(parts, at, 1);
        return new(string.Join('/', parts[..(at + 4)]), Spelled(whole, whole), string.Join('/', parts[..at]));
    }

    private static string TypeOf(string[] parts, int at, int pairs) => string.Join('/', Enumerable.Range(0, pairs).Select(pair => parts[at + 2 + (pair * 2)]).Prepend(parts[at + 1]));
}
