using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.TestKit;
using static McpInfra.Conformance.Fixtures.Samples;

namespace McpInfra.Conformance.Fixtures;

/// <summary>Tools that talk to the client while they run: logging, progress, sampling and elicitation of the era of sessions.</summary>
internal static class ConversationFixtures
{
    public sealed record SamplingArgs(string Prompt);

    public sealed record ElicitationArgs(string Message);

    public static IEnumerable<Operation> All =>
    [
        Of<TestOperations.NoArgs>("test_tool_with_logging", async (_, stop) =>
        {
            foreach (var text in new[] { "Tool execution started", "Tool processing data", "Tool execution completed" })
            {
                await LogAsync(text, stop);
            }

            return "Logged three times.";
        }),
        Of<TestOperations.NoArgs>("test_tool_with_progress", async (_, stop) =>
        {
            foreach (var progress in new[] { 0, 50, 100 })
            {
                await ProgressAsync(progress, stop);
            }

            return "Progressed three times.";
        }),
        Of<SamplingArgs>("test_sampling", async (args, stop) =>
            $"LLM response: {(await FixtureSession.AskAsync("sampling/createMessage", Sampling(args.Prompt, 100), stop))?["content"]?["text"]}"),
        Of<ElicitationArgs>("test_elicitation", async (args, stop) => "User response: " + await ElicitAsync(args.Message, Samples.Object(
            ("username", Described("User's response")), ("email", Described("User's email address"))), stop)),
        Of<TestOperations.NoArgs>("test_elicitation_sep1034_defaults", async (_, stop) => "Elicitation completed: " + await ElicitAsync("Confirm the defaults", Defaults, stop)),
        Of<TestOperations.NoArgs>("test_elicitation_sep1330_enums", async (_, stop) => "Elicitation completed: " + await ElicitAsync("Choose", Enums, stop)),
        Of<TestOperations.NoArgs>("test_missing_capability", (_, _) => Task.FromResult(FixtureSession.Declares("sampling")
            ? "The capability was declared."
            : FixtureSession.Error(-32021, "The client did not declare sampling.", new JsonObject { ["requiredCapabilities"] = new JsonObject { ["sampling"] = new JsonObject() } }))),
    ];

    private static JsonObject Defaults => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["name"] = new JsonObject { ["type"] = "string", ["default"] = "John Doe" },
            ["age"] = new JsonObject { ["type"] = "integer", ["default"] = 30 },
            ["score"] = new JsonObject { ["type"] = "number", ["default"] = 95.5 },
            ["status"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("active", "inactive", "pending"), ["default"] = "active" },
            ["verified"] = new JsonObject { ["type"] = "boolean", ["default"] = true },
        },
    };

    private static JsonObject Enums => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["untitledSingle"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("option1", "option2", "option3") },
            ["titledSingle"] = new JsonObject { ["type"] = "string", ["oneOf"] = Titled("Option") },
            ["legacyEnum"] = new JsonObject
            {
                ["type"] = "string", ["enum"] = new JsonArray("opt1", "opt2", "opt3"), ["enumNames"] = new JsonArray("Option One", "Option Two", "Option Three"),
            },
            ["untitledMulti"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("option1", "option2", "option3") } },
            ["titledMulti"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["anyOf"] = Titled("Choice") } },
        },
    };

    private static JsonArray Titled(string word) =>
        [.. new[] { ("value1", "First"), ("value2", "Second"), ("value3", "Third") }.Select(value => new JsonObject { ["const"] = value.Item1, ["title"] = $"{value.Item2} {word}" })];

    private static JsonObject Described(string description) => new() { ["type"] = "string", ["description"] = description };

    private static async Task<string> ElicitAsync(string message, JsonObject schema, CancellationToken stop)
    {
        var answer = await FixtureSession.AskAsync("elicitation/create", Elicitation(message, schema), stop);
        return $"action={answer?["action"]}, content={answer?["content"]?.ToJsonString()}";
    }

    private static async Task LogAsync(string text, CancellationToken stop)
    {
        if (FixtureSession.PerRequest && FixtureSession.Meta("io.modelcontextprotocol/logLevel") is null)
        {
            return;
        }

        await FixtureSession.NotifyAsync("notifications/message", new JsonObject { ["level"] = "info", ["logger"] = "fixture", ["data"] = text }, stop);
    }

    private static async Task ProgressAsync(int progress, CancellationToken stop)
    {
        if (FixtureSession.Meta("progressToken") is { } token)
        {
            await FixtureSession.NotifyAsync("notifications/progress", new JsonObject { ["progressToken"] = token.DeepClone(), ["progress"] = progress, ["total"] = 100 }, stop);
        }
    }

    private static Operation Of<TArgs>(string name, Func<TArgs, CancellationToken, Task<string>> run)
        where TArgs : class =>
        TestOperations.Of<TArgs>(name, async (args, _, stop) => Answer.Own(await run(args, stop)));
}
