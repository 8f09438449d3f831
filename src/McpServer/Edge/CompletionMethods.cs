using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using ModelContextProtocol.Protocol;

namespace McpInfra.Host.Edge;

/// <summary>completion/complete.</summary>
internal sealed class CompletionMethods(Pipeline pipeline)
{
    public IEnumerable<KeyValuePair<string, Func<Asked, CancellationToken, ValueTask<Reply>>>> All => [new(RequestMethods.CompletionComplete, CompleteAsync)];

    private async ValueTask<Reply> CompleteAsync(Asked asked, CancellationToken stop)
    {
        var reference = asked.Node("ref") as JsonObject;
        var argument = asked.Node("argument") as JsonObject;
        var arguments = new JsonObject
        {
            ["reference"] = (reference?["name"] ?? reference?["uri"])?.DeepClone(),
            ["argument"] = argument?["name"]?.DeepClone(),
            ["value"] = argument?["value"]?.DeepClone(),
        };

        // The values are the structured part of the answer, so the output guards are told that it is wanted.
        var request = new Request(OperationKind.Completion, CompleteOperation.Name, JsonElements.Of(arguments), asked.Peer, Structured: true);
        var outcome = await pipeline.CallAsync(request, stop);
        return outcome.Answer switch
        {
            null => Reply.Refused(outcome),
            { IsFault: true } fault => Reply.Fault(fault),
            var answer => new Reply(new JsonObject { ["completion"] = answer.Structured?.DeepClone() ?? new JsonObject { ["values"] = new JsonArray() } }),
        };
    }
}
