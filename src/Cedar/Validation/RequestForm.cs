namespace McpInfra.Cedar;

/// <summary>A kind of request that the schema admits: an action with one type of principal and one of resource. Slots have types too.</summary>
internal sealed record RequestForm(ActionDeclaration Action, string Principal, string Resource, string? PrincipalSlot = null, string? ResourceSlot = null);
