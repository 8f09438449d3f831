namespace McpInfra.Cedar;

/// <summary>The four things a condition can ask about.</summary>
internal enum Variable
{
    Principal,
    Action,
    Resource,
    Context,
}
