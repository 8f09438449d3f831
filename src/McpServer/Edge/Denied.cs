using System.Text.Json.Nodes;
using McpInfra.Guardrails;

namespace McpInfra.Host.Edge;

/// <summary>A refusal as the contract shows it to clients.</summary>
internal static class Denied
{
    /// <summary>Where it stands in `_meta`.</summary>
    public const string Key = "mcp-infra/denied";

    /// <summary>The JSON-RPC error code of refused resources, prompts and completions.</summary>
    public const int Code = -32003;

    /// <summary>guard, rule, severity, remedy, audit, and the approval that would admit the call when one was asked for.</summary>
    public static JsonObject Object(Outcome outcome)
    {
        var verdict = outcome.Refusal ?? throw new InvalidOperationException("The request was not refused.");
        var denied = new JsonObject
        {
            ["guard"] = verdict.Guard,
            ["rule"] = verdict.Rule,
            ["severity"] = verdict.Severity.ToString().ToLowerInvariant(),
            ["remedy"] = verdict.Remedy,
            ["audit"] = outcome.Audit,
        };
        if (verdict.Approval is { } approval)
        {
            denied["approval"] = approval;
        }

        return denied;
    }
}
