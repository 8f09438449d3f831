namespace McpInfra.TestKit;

/// <summary>The project's own checkout.</summary>
public static class Repository
{
    /// <summary>Its root: the folder of the solution.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "McpInfra.sln")))
            {
                return at.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests run outside the project's checkout.");
    }
}
