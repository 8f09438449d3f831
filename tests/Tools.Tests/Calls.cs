using System.Text.Json;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Agents;

namespace McpInfra.Tools.Tests;

/// <summary>Callers and calls as the pipeline makes them.</summary>
internal static class Calls
{
    public static Caller Caller(string agent = "remediator", string organization = "acme", string session = "session-1", bool enforced = false, IReadOnlyList<string>? repositories = null) => new(
        organization, "pat", BuiltInAgents.All[agent] with { Repositories = repositories }, new Session(session, DateTimeOffset.UnixEpoch), "test", enforced);

    public static Call Of<TTool, TArgs>(TTool tool, TArgs args, Caller? caller = null)
        where TTool : ITool<TArgs>
        where TArgs : class =>
        new("call_1", caller ?? Caller(), ToolOperation.From<TTool, TArgs>(tool), args, default(JsonElement), [], Structured: true);

    public static string Text(this Answer answer) => string.Join("\n", answer.Parts.Select(part => part.Text));
}
