using System.Runtime.CompilerServices;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Reads a listing page by page, as long as the pages go on.</summary>
internal static class Pages
{
    /// <exception cref="AwsException">The service names the same next page again, or more pages than the limit.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        AwsScope scope, Func<string?, Task<T>> read, Func<T, string?> next, [EnumeratorCancellation] CancellationToken stop)
    {
        string? token = null;
        for (var page = 0; page < scope.Connection.Limits.Pages; page++)
        {
            stop.ThrowIfCancellationRequested();
            var answer = await read(token).ConfigureAwait(false);
            yield return answer;
            var following = next(answer);
            if (string.IsNullOrEmpty(following))
            {
                yield break;
            }

            token = following != token ? following : throw new AwsException(AwsFault.Garbage, "a page that names itself as the next one");
        }

        throw new AwsException(AwsFault.TooLarge, $"more than {scope.Connection.Limits.Pages} pages");
    }

    /// <summary>Asks about many things a few at a time, answering in order.</summary>
    public static async IAsyncEnumerable<TOut> EachAsync<TIn, TOut>(
        IEnumerable<TIn> items, Func<TIn, Task<TOut>> ask, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var few in items.Chunk(8))
        {
            stop.ThrowIfCancellationRequested();
            foreach (var answer in await Task.WhenAll(few.Select(ask)).ConfigureAwait(false))
            {
                yield return answer;
            }
        }
    }
}
