namespace McpInfra.Tools.Plans.Cloud.Bearer;

/// <summary>A table of reviewed reads that ships inside the program.</summary>
internal static class CloudTable
{
    /// <summary>Its text.</summary>
    /// <param name="name">Such as `Azure.reads.txt`.</param>
    public static string Read(string name)
    {
        using var stream = typeof(CloudTable).Assembly.GetManifestResourceStream($"McpInfra.Tools.Plans.Cloud.{name}") ?? throw new InvalidOperationException($"The table {name} is missing from the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
