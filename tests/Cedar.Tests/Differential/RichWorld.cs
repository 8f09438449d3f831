namespace McpInfra.Cedar.Tests.Differential;

/// <summary>The world whose schema has every feature, always the same; policies of more forms than one of a random world has.</summary>
internal sealed class RichWorld(Random random) : IWorld
{
    private readonly PolicyGenerator policies = new(random);

    public string SchemaText => GeneratedWorld.Schema;

    public EntityStore Entities() => GeneratedWorld.Entities(random);

    public Request Request() => GeneratedWorld.Request(random);

    public string Policy() => policies.Policy();
}
