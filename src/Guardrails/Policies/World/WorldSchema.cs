using McpInfra.Cedar;

namespace McpInfra.Guardrails.Policies.World;

/// <summary>The published schema of the world that policies speak of (manifests/schema/infra.cedarschema).</summary>
public static class WorldSchema
{
    private static readonly Lazy<Schema> Read = new(() => Schema.Parse(Text, "infra.cedarschema").Require());

    /// <summary>The schema.</summary>
    public static Schema Schema => Read.Value;

    /// <summary>Its text.</summary>
    public static string Text
    {
        get
        {
            using var stream = typeof(WorldSchema).Assembly.GetManifestResourceStream("McpInfra.Guardrails.infra.cedarschema") ?? throw new InvalidOperationException("The schema is not in the assembly.");
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }
}
