namespace McpInfra.Cedar;

/// <summary>The question: may this principal do this action on this resource, in this context?</summary>
public sealed record Request(EntityUid Principal, EntityUid Action, EntityUid Resource, CedarRecord Context);
