namespace McpInfra.Guardrails.Budgets;

/// <summary>Denies a call when a budget of its session is spent, and says which.</summary>
/// <remarks>A call is paid for when it reaches this guard: one that a later guard refuses has been paid for too, so that trying costs.</remarks>
public sealed class BudgetGuard(TimeProvider time) : IInputGuard
{
    /// <inheritdoc/>
    public string Name => "budget";

    /// <inheritdoc/>
    public ValueTask<Verdict> CheckAsync(Call call, CancellationToken stop)
    {
        var session = call.Caller.Session;
        var spent = session.Spent.TryTake(call.Continues ? Spend.None : call.Operation.Spends, call.Caller.Agent.Budgets, session.Started, time.GetUtcNow());
        return new(spent switch
        {
            null => Verdict.Allow,
            "callsPerMinute" => Verdict.Deny(Name, "the budget callsPerMinute is spent", "Wait a minute and go on"),
            _ => Verdict.Deny(Name, $"the budget {spent} of this session is spent", "Stop here and tell the person what is done and what is left"),
        });
    }
}
