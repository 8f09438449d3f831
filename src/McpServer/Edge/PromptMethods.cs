using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using ModelContextProtocol.Protocol;

namespace McpInfra.Host.Edge;

/// <summary>prompts/list and prompts/get.</summary>
internal sealed class PromptMethods(Pipeline pipeline)
{
    public IEnumerable<KeyValuePair<string, Func<Asked, CancellationToken, ValueTask<Reply>>>> All =>
        [new(RequestMethods.PromptsList, List), new(RequestMethods.PromptsGet, GetAsync)];

    private ValueTask<Reply> List(Asked asked, CancellationToken stop) =>
        new(new Reply(new JsonObject { ["prompts"] = new JsonArray([.. pipeline.List(asked.Peer, OperationKind.Prompt).Select(Entry)]) }) { Cacheable = true });

    private async ValueTask<Reply> GetAsync(Asked asked, CancellationToken stop)
    {
        var outcome = await pipeline.CallAsync(new Request(OperationKind.Prompt, asked.Text("name"), asked.Element("arguments"), asked.Peer), stop);
        return outcome.Answer switch
        {
            null => Reply.Refused(outcome),
            { IsFault: true } fault => Reply.Fault(fault),
            var answer => new Reply(new JsonObject
            {
                ["messages"] = new JsonArray(new JsonObject
                {
                    ["role"] = "user",
                    ["content"] = new JsonObject { ["type"] = "text", ["text"] = asked.Shown(answer) },
                }),
            }),
        };
    }

    private static JsonObject Entry(Operation operation) => new()
    {
        ["name"] = operation.Name,
        ["description"] = operation.Description,
        ["arguments"] = new JsonArray([.. Arguments(operation.Schema)]),
    };

    private static IEnumerable<JsonNode> Arguments(JsonElement schema)
    {
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
        return from property in schema.GetProperty("properties").EnumerateObject()
               select new JsonObject
               {
                   ["name"] = property.Name,
                   ["description"] = property.Value.TryGetProperty("description", out var description) ? description.GetString() : "",
                   ["required"] = required.Contains(property.Name),
               };
    }
}
