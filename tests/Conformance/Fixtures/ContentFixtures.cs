using McpInfra.Guardrails;
using McpInfra.Host.Edge;
using McpInfra.TestKit;
using static McpInfra.Conformance.Fixtures.Samples;

namespace McpInfra.Conformance.Fixtures;

/// <summary>Tools, resources, prompts and completions that answer at once.</summary>
internal static class ContentFixtures
{
    public sealed record TemplateArgs(string Id);

    public sealed record PromptArgs(string Arg1, string Arg2);

    public sealed record EmbeddedArgs(string ResourceUri);

    /// <summary>Which operations answer for the fixtures' resources.</summary>
    public static IReadOnlyList<ResourceRoute> Routes { get; } =
    [
        new("test://static-text", "static text", "A text.", OperationKind.Resource, "static_text") { MediaType = "text/plain" },
        new("test://static-binary", "static binary", "An image.", OperationKind.Resource, "static_binary") { MediaType = "image/png" },
        new("test://watched-resource", "watched", "A resource to subscribe to.", OperationKind.Resource, "static_text") { MediaType = "text/plain" },
        new("test://template/{id}/data", "template", "A family.", OperationKind.Resource, "template", "id") { MediaType = "application/json" },
    ];

    public static IEnumerable<Operation> All =>
    [
        Tool("test_simple_text", "This is a simple text response for testing."),
        Tool("test_image_content", FixtureSession.Result(Content(Image))),
        Tool("test_audio_content", FixtureSession.Result(Content(Audio))),
        Tool("test_embedded_resource", FixtureSession.Result(Content(Resource("test://embedded-resource", "text/plain", "This is an embedded resource content.")))),
        Tool("test_multiple_content_types", FixtureSession.Result(Content(
            Text("Multiple content types test:"), Image, Resource("test://mixed-content-resource", "application/json", """{"test":"data","value":123}""")))),
        TestOperations.Of<TestOperations.NoArgs>("test_error_handling", (_, _, _) => new(Answer.Fault("This tool intentionally returns an error for testing"))),
        Static(OperationKind.Resource, "static_text", "This is the content of the static text resource."),
        Static(OperationKind.Resource, "static_binary", FixtureSession.Result(new()
        {
            ["contents"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["uri"] = "test://static-binary", ["mimeType"] = "image/png", ["blob"] = Png }),
        })),
        TestOperations.Of<TemplateArgs>(
            "template", (args, _, _) => new(Answer.Own($$"""{"id":"{{args.Id}}","templateTest":true,"data":"Data for ID: {{args.Id}}"}""")), kind: OperationKind.Resource),
        Static(OperationKind.Prompt, "test_simple_prompt", "This is a simple prompt for testing."),
        TestOperations.Of<PromptArgs>(
            "test_prompt_with_arguments", (args, _, _) => new(Answer.Own($"Prompt with arguments: arg1='{args.Arg1}', arg2='{args.Arg2}'")), kind: OperationKind.Prompt),
        Embedded(),
        Static(OperationKind.Prompt, "test_prompt_with_image", FixtureSession.Result(Messages(Image, Text("Please analyze the image above.")))),
        CompleteOperation.Over((_, _, _, _) => new([])) with { Needs = [] },
    ];

    private static Operation Tool(string name, string text) => Static(OperationKind.Tool, name, text);

    private static Operation Static(OperationKind kind, string name, string text) =>
        TestOperations.Of<TestOperations.NoArgs>(name, (_, _, _) => new(Answer.Own(text)), kind: kind);

    // The fixture's argument is spelled in camel case, which our own never are.
    private static Operation Embedded()
    {
        var schema = System.Text.Json.JsonSerializer.SerializeToElement(Samples.Object(("resourceUri", new() { ["type"] = "string" })));
        return TestOperations.Of<TestOperations.NoArgs>("test_prompt_with_embedded_resource", (_, call, _) => new(Answer.Own(FixtureSession.Result(Messages(
            Resource(call.Given.GetProperty("resourceUri").GetString()!, "text/plain", "Embedded resource content for testing."),
            Text("Please process the embedded resource above."))))), kind: OperationKind.Prompt) with
        {
            Schema = schema,
            Bind = _ => new(new TestOperations.NoArgs(), null),
        };
    }
}
