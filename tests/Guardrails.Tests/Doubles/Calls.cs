using System.Text.Json;
using CsCheck;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Binding;
using Xunit;

namespace McpInfra.Guardrails.Tests;

/// <summary>Calls made without a pipeline, for guards tested alone.</summary>
internal static class Calls
{
    private static int last;

    public static Operation Operation(string name = "propose_change", Tier tier = Tier.Draft, OperationKind kind = OperationKind.Tool) => new()
    {
        Kind = kind, Name = name, Tier = tier, Description = "For tests.", Schema = Json("""{"type":"object"}"""),
        Bind = arguments => new Bound(arguments, null), Run = (_, _) => new(Answer.Own("done")),
    };

    public static Target In(string? repository, string? environment = null, string type = "plan", string id = "plan_1") =>
        new() { Id = id, Type = type, Repository = repository, Environment = environment };

    public static AgentType Agent(params IReadOnlyList<ApprovalRule> approvals) =>
        new() { Name = "remediator", Tier = Tier.Draft, Allow = ["*"], Approvals = approvals };

    public static Caller Caller(string? person = "ada", AgentType? agent = null, Session? session = null, bool enforced = false, string organization = "acme") =>
        new(organization, person, agent ?? Agent(), session ?? new Session("s1", DateTimeOffset.UnixEpoch), "test", enforced);

    public static Call Call(Caller? caller = null, Operation? operation = null, string arguments = """{"plan":"plan_1"}""", params IReadOnlyList<Target> targets)
    {
        var given = Json(arguments);
        return new Call($"call_{Interlocked.Increment(ref last)}", caller ?? Caller(), operation ?? Operation(), given, given, targets, Structured: false);
    }

    /// <summary>What a guard that needs no waiting answered.</summary>
    public static T Now<T>(this ValueTask<T> answer)
    {
        Assert.True(answer.IsCompleted);
        return answer.AsTask().GetAwaiter().GetResult();
    }

    public static Gen<T> Among<T>(params IReadOnlyList<T> values) => Gen.Int[0, values.Count - 1].Select(index => values[index]);

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
