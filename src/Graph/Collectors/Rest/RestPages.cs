using System.Runtime.CompilerServices;
using System.Text.Json;

namespace McpInfra.Graph.Collectors.Rest;

/// <summary>Reads a listing page by page, as long as the pages go on.</summary>
internal static class RestPages
{
    /// <param name="limits">How many pages at most.</param>
    /// <param name="read">The page after a token; the first one after null.</param>
    /// <param name="next">The token of the following page; null or empty for none.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="RestException">A page names itself or an earlier one as the next, or there are more pages than the limit.</exception>
    public static async IAsyncEnumerable<JsonElement> ReadAsync(RestLimits limits, Func<string?, Task<JsonElement>> read, Func<JsonElement, string?> next, [EnumeratorCancellation] CancellationToken stop)
    {
        string? token = null;
        var before = new HashSet<string>(StringComparer.Ordinal);
        for (var page = 0; page < limits.Pages; page++)
        {
            stop.ThrowIfCancellationRequested();
            var answer = await read(token);
            yield return answer;
            token = next(answer);
            if (string.IsNullOrEmpty(token))
            {
                yield break;
            }

            if (!before.Add(token))
            {
                throw new RestException(RestFault.Garbage, "a page that names an earlier one as the next");
            }
        }

        throw new RestException(RestFault.TooLarge, $"more than {limits.Pages} pages");
    }
}
