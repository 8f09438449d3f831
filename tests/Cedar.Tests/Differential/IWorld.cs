namespace McpInfra.Cedar.Tests.Differential;

/// <summary>A schema, and what is generated for it: mostly as the schema says, now and then not.</summary>
internal interface IWorld
{
    string SchemaText { get; }

    EntityStore Entities();

    Request Request();

    string Policy();
}
