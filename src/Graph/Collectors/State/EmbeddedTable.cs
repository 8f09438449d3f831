namespace McpInfra.Graph.Collectors.State;

/// <summary>A table kept as text beside the code: one row a line, columns by spaces, `#` begins a remark.</summary>
internal static class EmbeddedTable
{
    public static IEnumerable<string[]> Rows(string file) => Rows("State", file);

    /// <param name="folder">The collector's folder.</param>
    /// <param name="file">The table's file in it.</param>
    public static IEnumerable<string[]> Rows(string folder, string file)
    {
        var assembly = typeof(EmbeddedTable).Assembly;
        using var stream = assembly.GetManifestResourceStream($"McpInfra.Graph.Collectors.{folder}.{file}") ?? throw new InvalidOperationException($"The table {file} is not in the assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            }
        }
    }
}
