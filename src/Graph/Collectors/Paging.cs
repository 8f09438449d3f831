using System.Runtime.CompilerServices;

namespace McpInfra.Graph.Collectors;

/// <summary>Reads a listing page by page, as long as the pages go on.</summary>
internal static class Paging
{
    /// <param name="limits">How many pages at most.</param>
    /// <param name="read">The page after a token; the first one after null.</param>
    /// <param name="next">The token of the following page; null or empty for none.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="EndlessListingException">A page names itself or an earlier one as the next, or there are more pages than the limit.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(CollectorLimits limits, Func<string?, Task<T>> read, Func<T, string?> next, [EnumeratorCancellation] CancellationToken stop)
    {
        string? token = null;
        var before = new HashSet<string>(StringComparer.Ordinal);
        for (var page = 0; page < limits.Pages; page++)
        {
            stop.ThrowIfCancellationRequested();
            var answer = await read(token).ConfigureAwait(false);
            yield return answer;
            token = next(answer);
            if (string.IsNullOrEmpty(token))
            {
                yield break;
            }

            if (!before.Add(token))
            {
                throw new EndlessListingException("a page that names an earlier one as the next");
            }
        }

        throw new EndlessListingException($"more than {limits.Pages} pages");
    }
}

/// <summary>A listing that pages on without an end; the message says in our own words how that showed.</summary>
internal sealed class EndlessListingException(string message) : Exception(message);
