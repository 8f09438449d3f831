namespace McpInfra.Host.Settings;

/// <summary>The connection string of a PostgreSQL store. It may hold a password, so that nothing which prints settings prints it.</summary>
/// <param name="text">As Npgsql takes it.</param>
public sealed class StoreConnection(string text)
{
    /// <summary>The connection string.</summary>
    public string Reveal() => text;

    /// <summary>Never the connection string.</summary>
    public override string ToString() => "(not shown)";
}
