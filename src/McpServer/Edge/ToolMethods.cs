using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using ModelContextProtocol.Protocol;

namespace McpInfra.Host.Edge;

/// <summary>tools/list and tools/call.</summary>
internal sealed class ToolMethods(Pipeline pipeline)
{
    public IEnumerable<KeyValuePair<string, Func<Asked, CancellationToken, ValueTask<Reply>>>> All =>
        [new(RequestMethods.ToolsList, List), new(RequestMethods.ToolsCall, CallAsync)];

    private ValueTask<Reply> List(Asked asked, CancellationToken stop) =>
        new(new Reply(new JsonObject { ["tools"] = new JsonArray([.. pipeline.List(asked.Peer, OperationKind.Tool).Select(Entry)]) }) { Cacheable = true });

    private async ValueTask<Reply> CallAsync(Asked asked, CancellationToken stop)
    {
        var outcome = await pipeline.CallAsync(new Request(OperationKind.Tool, asked.Text("name"), asked.Element("arguments"), asked.Peer, asked.Structured), stop);
        if (outcome.Answer is not { } answer)
        {
            return new Reply(new JsonObject
            {
                ["content"] = Text(JsonValue.Create(outcome.RefusalText)),
                ["isError"] = true,
                ["_meta"] = new JsonObject { [Denied.Key] = Denied.Object(outcome) },
            });
        }

        var result = new JsonObject { ["content"] = Text(asked.Shown(answer)) };
        if (answer.IsFault)
        {
            result["isError"] = true;
        }

        // Clients that see structured content drop the text, so it is sent only to those that asked for it.
        if (asked.Structured && answer.Structured is { } facts)
        {
            result["structuredContent"] = facts.DeepClone();
        }

        return new Reply(result);
    }

    private static JsonArray Text(JsonValue text) => [new JsonObject { ["type"] = "text", ["text"] = text }];

    private static JsonObject Entry(Operation operation) => new()
    {
        ["name"] = operation.Name,
        ["description"] = operation.Description,
        ["inputSchema"] = JsonObject.Create(operation.Schema),
        ["annotations"] = new JsonObject
        {
            ["readOnlyHint"] = operation.Tier <= Tier.Recommend,
            ["destructiveHint"] = false,
            ["idempotentHint"] = operation.Tier <= Tier.Recommend,
            ["openWorldHint"] = operation.Tier > Tier.Recommend,
        },
    };
}
