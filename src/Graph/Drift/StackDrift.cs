using System.Text.Json.Nodes;
using McpInfra.Graph.Store;

namespace McpInfra.Graph.Drift;

/// <summary>What a cloud's own last detection found of a stack's or a deployment's resources, as its collector keeps it among the stack's facts.</summary>
internal static class StackDrift
{
    /// <summary>The type of a stack.</summary>
    public const string Stack = "AWS::CloudFormation::Stack";

    /// <summary>The type of a deployment of Azure Resource Manager.</summary>
    public const string Deployment = "Microsoft.Resources/deployments";

    private static readonly string[] Types = [Stack, Deployment];

    /// <summary>Name of the fact: objects of a resource's logical id, a property's path, and both values; a value that is not kept has none.</summary>
    public const string Fact = "Drift";

    private const string NotKept = "(differs; its text is not kept)";

    /// <summary>A row of the fact. Null stands for a value that is not kept.</summary>
    public static JsonObject Row(string resource, string property, string? expected, string? actual)
    {
        var row = new JsonObject { ["Resource"] = resource, ["Property"] = property };
        if (expected is not null && actual is not null)
        {
            (row["Expected"], row["Actual"]) = (expected, actual);
        }

        return row;
    }

    /// <summary>Whether a source's word alone may tell of drift, so that what is stored of it is read whole.</summary>
    public static bool Tells(StoredResource resource) => Types.Contains(resource.Outline.Type, StringComparer.OrdinalIgnoreCase);

    /// <summary>Of all its resources, each property behind its resource's logical id; null where nothing is known.</summary>
    public static ResourceDrift? Of(Resource stack) => Drift(Rows(stack).Select(row => Attribute(row, $"{row["Resource"]}/{row["Property"]}")));

    /// <summary>Of one of its resources.</summary>
    public static ResourceDrift? Of(Resource stack, string logical) => Drift(Rows(stack).Where(row => (string?)row["Resource"] == logical).Select(row => Attribute(row, $"{row["Property"]}")));

    private static IEnumerable<JsonObject> Rows(Resource stack) => Types.Contains(stack.Type, StringComparer.OrdinalIgnoreCase) && stack.Configuration[Fact] is JsonArray rows ? rows.OfType<JsonObject>() : [];

    private static DriftedAttribute Attribute(JsonObject row, string name) => new(name, (string?)row["Expected"] ?? NotKept, (string?)row["Actual"] ?? NotKept);

    private static ResourceDrift? Drift(IEnumerable<DriftedAttribute> drifted) => drifted.ToList() is { Count: > 0 } found ? new ResourceDrift(found, [], []) : null;
}
