using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Spotlight;
using ModelContextProtocol.Protocol;

namespace McpInfra.Host.Edge;

/// <summary>What goes back: a result, or an error.</summary>
/// <param name="Result">The result; null for an error.</param>
/// <param name="Error">The error; null for a result.</param>
internal sealed record Reply(JsonObject? Result, JsonRpcErrorDetail? Error = null)
{
    private const int MethodNotFound = -32601;
    private const int InvalidParams = -32602;

    /// <summary>Whether a client may keep the result, which the second era must be told: it may not.</summary>
    public bool Cacheable { get; init; }

    public static Reply NoSuchMethod { get; } = Failed(MethodNotFound, "This server has no such method. Use the capabilities it declared");

    /// <summary>A refusal where there is no tool result to say it in.</summary>
    public static Reply Refused(Outcome outcome) => new(null, new JsonRpcErrorDetail { Code = Denied.Code, Message = outcome.RefusalText, Data = Denied.Object(outcome) });

    /// <summary>The operation itself found that it cannot do what was asked.</summary>
    public static Reply Fault(Answer answer) => Failed(InvalidParams, Rendering.ToMarkdown(answer));

    /// <summary>The JSON-RPC message.</summary>
    public JsonRpcMessage ToMessage(Asked asked)
    {
        if (Error is not null)
        {
            return new JsonRpcError { Id = asked.Message.Id, Error = Error };
        }

        if (asked.PerRequest)
        {
            Result!["resultType"] = "complete";
            if (Cacheable)
            {
                Result["ttlMs"] = 0;
                Result["cacheScope"] = "private";
            }
        }

        return new JsonRpcResponse { Id = asked.Message.Id, Result = Result };
    }

    private static Reply Failed(int code, string message) => new(null, new JsonRpcErrorDetail { Code = code, Message = message });
}
