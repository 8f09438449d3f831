using System.Runtime.CompilerServices;

namespace McpInfra.Graph.Collectors;

/// <summary>Reads a listing page by page, as long as the pages go on.</summary>
internal static class Paging
{
    /// <param name="limits">How many pages at most.</param>
    /// <param name="read">The page after a token; the first one after null.</param>
    /// <param name="next">The token of the following page; null or empty for none.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="place">Where to begin, and what takes note of how far it came; null for a listing that cannot go on. Only where a page is told whole before the next is asked for.</param>
    /// <param name="stage">Which of the listing's stages this is.</param>
    /// <exception cref="EndlessListingException">A page names itself or an earlier one as the next, or there are more pages than the limit.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(CollectorLimits limits, Func<string?, Task<T>> read, Func<T, string?> next, [EnumeratorCancellation] CancellationToken stop, Place? place = null, int stage = 0)
    {
        var token = place?.Stage == stage ? place.Token : null;
        var before = new HashSet<string>(StringComparer.Ordinal) { token ?? "" };
        for (var page = 0; page < limits.Pages; page++)
        {
            stop.ThrowIfCancellationRequested();
            var answer = await read(token).ConfigureAwait(false);
            place?.Take();
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

            place?.Reach(stage, token);
        }

        throw new EndlessListingException($"more than {limits.Pages} pages");
    }
}

/// <summary>A listing that pages on without an end; the message says in our own words how that showed.</summary>
internal sealed class EndlessListingException(string message) : Exception(message);
