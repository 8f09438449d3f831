using McpInfra.Graph.Collectors.State;

namespace McpInfra.Tools.Plans.State.Backends;

/// <summary>Gathers a listing that comes in pages, which ends or is refused.</summary>
internal static class ListedPages
{
    private const int MostPages = 100;

    /// <param name="page">Reads the page of a token, null for the first; the next page's token is null or empty at the end.</param>
    /// <exception cref="StateException">There is no end.</exception>
    public static async Task<IReadOnlyList<StateFileEntry>> ReadAsync(Func<string?, Task<(IEnumerable<StateFileEntry> Files, string? Next)>> page)
    {
        var listed = new List<StateFileEntry>();
        string? token = null;
        for (var read = 0; read < MostPages; read++)
        {
            var (files, next) = await page(token);
            listed.AddRange(files);
            if (string.IsNullOrEmpty(next))
            {
                return listed;
            }

            token = next != token ? next : throw Endless();
        }

        throw Endless();
    }

    private static StateException Endless() => new($"The backend lists files without an end, or over {MostPages} pages of them. Name a narrower `prefix`.");
}
