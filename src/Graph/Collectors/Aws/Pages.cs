using System.Runtime.CompilerServices;

namespace McpInfra.Graph.Collectors.Aws;

/// <summary>Reads a scope's listings page by page.</summary>
internal static class Pages
{
    /// <inheritdoc cref="Paging.ReadAsync"/>
    public static IAsyncEnumerable<T> ReadAsync<T>(AwsScope scope, Func<string?, Task<T>> read, Func<T, string?> next, CancellationToken stop, Place? place = null) =>
        Paging.ReadAsync(scope.Connection.Limits, read, next, stop, place);

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
