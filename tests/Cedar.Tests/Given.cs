namespace McpInfra.Cedar.Tests;

/// <summary>Small worlds for tests, from texts.</summary>
internal static class Given
{
    public static EntityUid Uid(string text) => EntityUid.TryParse(text, out var uid) ? uid : throw new ArgumentException(text);

    public static Request Request(string principal = "User::\"ann\"", string action = "Action::\"view\"", string resource = "Photo::\"sea\"", params (string Name, Value Value)[] context) =>
        new(Uid(principal), Uid(action), Uid(resource), Record(context));

    public static CedarRecord Record(params (string Name, Value Value)[] attributes) =>
        CedarRecord.From(attributes.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));

    public static EntityStore Entities(params Entity[] entities) => EntityStore.From(entities).Require();

    public static Response Decide(string policies, Request? request = null, IEntitySource? entities = null) =>
        Authorizer.Decide(PolicySet.Parse(policies).Require(), request ?? Request(), entities ?? EntityStore.Empty);

    /// <summary>What the expression evaluates to in a `when`: true, false, or the error's message.</summary>
    public static string Evaluate(string expression, IEntitySource? entities = null)
    {
        var response = Decide($"permit(principal, action, resource) when {{ {expression} }};", entities: entities);
        return response.Errors is [var error] ? error.Message : response.Decision == Decision.Allow ? "true" : "false";
    }
}
