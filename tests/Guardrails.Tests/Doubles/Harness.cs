using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Approvals;
using McpInfra.Guardrails.Binding;
using McpInfra.Guardrails.Identity;
using McpInfra.TestKit;
using Microsoft.Extensions.Logging;

namespace McpInfra.Guardrails.Tests;

/// <summary>The real pipeline over guards of the test's choosing, one operation that counts its runs, and a trail in memory.</summary>
internal sealed class Harness : ILogger<Pipeline>
{
    public const string Operation = "search_resources";
    private readonly ConcurrentQueue<string> logged = new();
    private int runs;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Func<Identified> Identify { get; init; } = () => new Identified(Calls.Caller(), Verdict.Allow);

    public IReadOnlyList<IAccessGuard> Access { get; init; } = [];

    public IReadOnlyList<IInputGuard> Input { get; init; } = [];

    public Func<IReadOnlyList<Verdict>, Verdict?> Approve { get; init; } = asks => asks.Count == 0 ? Verdict.Allow : Verdict.Await("approval", "wanted", "ask", "approval_1");

    public IReadOnlyList<IOutputGuard> Output { get; init; } = [];

    public Func<JsonElement, JsonNode?> Redact { get; init; } = element => element.ValueKind is JsonValueKind.Undefined ? null : JsonNode.Parse(element.GetRawText());

    public Func<JsonElement, Bound> Bind { get; init; } = arguments => new Bound(arguments, null);

    public Func<ValueTask<Resolution>> Targets { get; init; } = () => new(Resolution.None);

    public Func<CancellationToken, ValueTask<Answer>> Run { get; init; } = _ => new(Answer.Own("done"));

    public Tier Tier { get; init; } = Tier.Observe;

    public MemoryTrail Trail { get; } = new();

    public int Runs => Volatile.Read(ref runs);

    public string Log => string.Join('\n', logged);

    public Pipeline Pipeline => new(
        new Catalogue([new Operation
        {
            Kind = OperationKind.Tool, Name = Operation, Tier = Tier, Description = "For tests.", Schema = Calls.Json("""{"type":"object"}"""), Bind = Bind,
            Targets = (_, _, _) => Targets(),
            Run = (_, stop) =>
            {
                Interlocked.Increment(ref runs);
                return Run(stop);
            },
        }]),
        new Guards(Trail, new Identities(this), Access, Input, new Approvals(this), Output, Redact), Time, this);

    public Task<Outcome> CallAsync(string operation = Operation, string arguments = "{}", string? client = "test", CancellationToken stop = default) =>
        Pipeline.CallAsync(new Request(OperationKind.Tool, operation, Calls.Json(arguments), new Peer("stdio", "ada", "s1", client)), stop);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        logged.Enqueue(formatter(state, exception) + exception);

    private sealed class Identities(Harness harness) : IIdentities
    {
        public string Organization => "acme";

        public Identified Identify(Peer peer) => harness.Identify();
    }

    private sealed class Approvals(Harness harness) : IApprovals
    {
        public ValueTask<Verdict> AdmitAsync(Call call, IReadOnlyList<Verdict> asks, CancellationToken stop) => new(harness.Approve(asks)!);
    }
}

/// <summary>A guard of either kind that does as it is told.</summary>
internal sealed class Told(string name, Func<Verdict?> decide) : IAccessGuard, IInputGuard
{
    public string Name => name;

    public Verdict Check(Caller caller, Operation operation) => decide()!;

    public ValueTask<Verdict> CheckAsync(Call call, CancellationToken stop) => new(decide()!);
}

/// <summary>A guard that decides when the test says so, or never.</summary>
internal sealed class Waiting(string name) : IInputGuard
{
    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => name;

    public Task Entered => entered.Task;

    public async ValueTask<Verdict> CheckAsync(Call call, CancellationToken stop)
    {
        entered.SetResult();
        await new TaskCompletionSource().Task;
        return Verdict.Allow;
    }
}

/// <summary>An output guard that does as it is told.</summary>
internal sealed class Cleaning(Func<Answer, Answer?> clean) : IOutputGuard
{
    public string Name => "redact";

    public ValueTask<Answer> CleanAsync(Answer answer, Call call, CancellationToken stop) => new(clean(answer)!);
}
