namespace McpInfra.Cedar;

/// <summary>How a scope narrows the principal, action or resource.</summary>
internal enum ScopeKind
{
    Any,
    Equal,
    In,
    Is,
    IsIn,
}
