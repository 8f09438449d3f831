using System.Text.Json;

namespace McpInfra.Graph.Collectors.Rest;

/// <summary>An answer read whole, up to a size.</summary>
/// <param name="Failure">What it says went wrong; null for an object in JSON.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="RetryAfter">How long to wait before asking again, never longer than the limit; null when it does not say.</param>
/// <param name="Headers">Its headers.</param>
internal sealed record RestAnswer(RestException? Failure, byte[] Body, TimeSpan? RetryAfter, System.Net.Http.Headers.HttpResponseHeaders Headers)
{
    /// <summary>Member under which a next page named by a header stands.</summary>
    public const string NextPage = "$next";

    public static async Task<RestAnswer> ReadAsync(HttpResponseMessage response, CollectorLimits limits, CancellationToken stop)
    {
        var cap = response.IsSuccessStatusCode ? limits.AnswerBytes : limits.ErrorBytes;
        var body = await AnswerBytes.ReadAsync(response.Content, cap, stop);
        var failure = response.IsSuccessStatusCode
            ? body is null ? new RestException(CloudFault.TooLarge, $"an answer of more than {cap >> 20} MiB")
                : IsJson(response) ? null : new RestException(CloudFault.Garbage, "an answer that is not JSON")
            : (int)response.StatusCode is >= 300 and < 400 ? new RestException(CloudFault.Garbage, "a redirect")
            : RestException.Answered((int)response.StatusCode, body);
        return new RestAnswer(failure, body ?? [], Pauses.AskedFor(response, limits.LongestPause), response.Headers);
    }

    /// <param name="strip">Takes out what is not to be parsed; null for nothing.</param>
    /// <exception cref="RestException">It is an error or no object.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public JsonElement Json(Func<byte[], byte[]>? strip = null)
    {
        if (Failure is not null)
        {
            throw Failure.Again();
        }

        var json = JsonText.Parse(strip?.Invoke(Body) ?? Body);
        return json.ValueKind is JsonValueKind.Object ? json : throw new RestException(CloudFault.Garbage, "an answer that is no object");
    }

    /// <summary>The object, with the next page that a header names.</summary>
    /// <exception cref="RestException">It is an error or no object.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public JsonElement Json(string pageHeader)
    {
        var json = Json();
        return !Headers.TryGetValues(pageHeader, out var pages) || pages.FirstOrDefault() is not { Length: > 0 } next ? json
            : JsonSerializer.SerializeToElement(json.EnumerateObject().DistinctBy(member => member.Name).ToDictionary(member => member.Name, member => member.Value).Append(new(NextPage, JsonSerializer.SerializeToElement(next))).ToDictionary());
    }

    private static bool IsJson(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is { } type && (type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal));
}
