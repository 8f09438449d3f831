using System.Globalization;

namespace McpInfra.Graph.Collectors.Rest;

/// <summary>How long a service asks to be left alone.</summary>
internal static class Pauses
{
    /// <summary>By Retry-After in either form, or by Resource Graph's `x-ms-user-quota-resets-after`; null when it does not ask.</summary>
    public static TimeSpan? AskedFor(HttpResponseMessage answer, TimeSpan longest)
    {
        var after = answer.Headers.RetryAfter;
        var asked = after?.Delta ?? (after?.Date is { } date && answer.Headers.Date is { } now ? date - now : default(TimeSpan?)) ?? QuotaResets(answer);
        return asked is not { } pause ? null : pause < TimeSpan.Zero ? TimeSpan.Zero : pause < longest ? pause : longest;
    }

    /// <summary>When the quota is full again, if the answer says so.</summary>
    public static TimeSpan? QuotaResets(HttpResponseMessage answer) =>
        Header(answer, "x-ms-user-quota-resets-after") is { } text && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var resets) ? resets : null;

    /// <summary>Requests left of the quota, if the answer says so.</summary>
    public static int? QuotaLeft(HttpResponseMessage answer) =>
        Header(answer, "x-ms-user-quota-remaining") is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var left) ? left : null;

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
