namespace McpInfra.Graph.Collectors.State;

/// <summary>What Azure's ids say of themselves.</summary>
internal static class AzureId
{
    /// <summary>The type, as `Microsoft.Storage/storageAccounts`; null when the text is no Azure id.</summary>
    public static string? TypeOf(string? id)
    {
        var steps = Steps(id);
        var at = Array.FindLastIndex(steps, step => step.Equals("providers", StringComparison.OrdinalIgnoreCase));
        return at < 0 || at + 2 >= steps.Length ? null : string.Join('/', steps.Skip(at + 2).Where((_, index) => index % 2 == 0).Prepend(steps[at + 1]));
    }

    /// <summary>Its last part.</summary>
    public static string NameOf(string id) => id.TrimEnd('/')[(id.TrimEnd('/').LastIndexOf('/') + 1)..];

    /// <summary>The subscription, or null.</summary>
    public static string? SubscriptionOf(string? id) => Steps(id) is [_, var subscription, ..] ? subscription : null;

    private static string[] Steps(string? id) =>
        id is { Length: <= 2048 } && id.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase) ? id.Trim('/').Split('/') : [];
}
