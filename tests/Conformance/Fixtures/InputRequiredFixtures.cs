using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.TestKit;
using static McpInfra.Conformance.Fixtures.Samples;

namespace McpInfra.Conformance.Fixtures;

/// <summary>Multi-round-trip requests: what is wanted goes out as a result, and the retry is decided like any other call.</summary>
internal static class InputRequiredFixtures
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    public static IEnumerable<Operation> All =>
    [
        Tool("test_input_required_result_elicitation", () => Answered("user_name", "name") is { } name ? $"Hello, {name}!" : Wanted(null, Ask("user_name", "What is your name?", "name"))),
        Tool("test_input_required_result_sampling", () => FixtureSession.InputResponses?["capital_question"] is { } answer
            ? $"The model says: {answer["content"]?["text"]}"
            : Wanted(null, Sample("capital_question", "What is the capital of France?", 100))),
        Tool("test_input_required_result_list_roots", () => FixtureSession.InputResponses?["client_roots"]?["roots"] is JsonArray roots
            ? $"Roots: {string.Join(", ", roots.Select(root => (string?)root?["uri"]))}"
            : Wanted(null, Roots)),
        Tool("test_input_required_result_request_state", () => Stated("confirm") ? "state-ok" : FixtureSession.InputResponses is null
            ? Wanted("confirm", Ask("confirm", "Please confirm", "ok", "boolean"))
            : Tampered),
        Tool("test_input_required_result_tampered_state", () => Stated("sealed") ? "The state is intact." : FixtureSession.Request.Params?["requestState"] is null
            ? Wanted("sealed", Ask("confirm", "Please confirm", "ok", "boolean"))
            : Tampered),
        Tool("test_input_required_result_multiple_inputs", () => Stated("many") && new[] { "user_name", "greeting", "client_roots" }.All(key => FixtureSession.InputResponses?[key] is not null)
            ? "All three arrived."
            : Wanted("many", Ask("user_name", "What is your name?", "name"), Sample("greeting", "Generate a greeting", 50), Roots)),
        Tool("test_input_required_result_multi_round", () => Stated("two") && Answered("step2", "color") is { } color ? $"The color is {color}."
            : Stated("one") && Answered("step1", "name") is not null ? Wanted("two", Ask("step2", "Step 2: What is your favorite color?", "color"))
            : Wanted("one", Ask("step1", "Step 1: What is your name?", "name"))),
        Tool("test_input_required_result_capabilities", () => FixtureSession.InputResponses is { Count: > 0 } ? "Answered." : Wanted(null, [.. new[]
        {
            ("elicitation", Ask("user_name", "What is your name?", "name")), ("sampling", Sample("greeting", "Generate a greeting", 50)), ("roots", Roots),
        }.Where(request => FixtureSession.Declares(request.Item1)).Select(request => request.Item2)])),
        Of(OperationKind.Prompt, "test_input_required_result_prompt", () => Answered("user_context", "context") is { } context
            ? $"Work in this context: {context}"
            : Wanted(null, Ask("user_context", "What context should the prompt use?", "context"))),
    ];

    private static string Tampered => FixtureSession.Error(-32602, "The request state is not one that this server signed.");

    private static (string Key, JsonObject Request) Roots => ("client_roots", new JsonObject { ["method"] = "roots/list", ["params"] = new JsonObject() });

    private static (string Key, JsonObject Request) Ask(string key, string message, string property, string type = "string") =>
        (key, new JsonObject { ["method"] = "elicitation/create", ["params"] = Elicitation(message, Samples.Object((property, new JsonObject { ["type"] = type }))) });

    private static (string Key, JsonObject Request) Sample(string key, string prompt, int tokens) =>
        (key, new JsonObject { ["method"] = "sampling/createMessage", ["params"] = Sampling(prompt, tokens) });

    private static string Wanted(string? state, params IReadOnlyList<(string Key, JsonObject Request)> requests)
    {
        var result = new JsonObject
        {
            ["resultType"] = "input_required",
            ["inputRequests"] = new JsonObject([.. requests.Select(request => KeyValuePair.Create<string, JsonNode?>(request.Key, request.Request))]),
        };
        if (state is not null)
        {
            result["requestState"] = Signed(state);
        }

        return FixtureSession.Result(result);
    }

    private static string Signed(string state) => $"{state}.{Convert.ToHexStringLower(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(state)))}";

    private static bool Stated(string state) => (string?)FixtureSession.Request.Params?["requestState"] == Signed(state);

    private static string? Answered(string key, string property) =>
        FixtureSession.InputResponses?[key] is JsonObject answer && answer["content"] is JsonObject content && content[property] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static Operation Tool(string name, Func<string> run) => Of(OperationKind.Tool, name, run);

    private static Operation Of(OperationKind kind, string name, Func<string> run) =>
        TestOperations.Of<TestOperations.NoArgs>(name, (_, _, _) => new(Answer.Own(run())), kind: kind);
}
