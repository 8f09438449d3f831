namespace McpInfra.Guardrails.Budgets;

/// <summary>What a session has spent. Safe for concurrent use.</summary>
public sealed class Spending
{
    private readonly Lock gate = new();
    private readonly Queue<DateTimeOffset> lastMinute = new();
    private int calls, plans, proposals, credentials;
    private long outputTokens;

    /// <summary>Takes a call, and what it spends besides, from the budgets; returns the name of the spent budget, or null and the call is paid for.</summary>
    public string? TryTake(Spend spend, Budgets budgets, DateTimeOffset started, DateTimeOffset now)
    {
        lock (gate)
        {
            while (lastMinute.TryPeek(out var first) && now - first >= TimeSpan.FromMinutes(1))
            {
                lastMinute.Dequeue();
            }

            var spent = now - started >= TimeSpan.FromMinutes(budgets.Minutes) ? "minutes"
                : calls >= budgets.Calls ? "calls"
                : lastMinute.Count >= budgets.CallsPerMinute ? "callsPerMinute"
                : outputTokens >= budgets.OutputTokens ? "outputTokens"
                : spend is Spend.Plan && plans >= budgets.Plans ? "plans"
                : spend is Spend.Proposal && proposals >= budgets.Proposals ? "proposals"
                : null;
            if (spent is not null)
            {
                return spent;
            }

            calls++;
            plans += spend is Spend.Plan ? 1 : 0;
            proposals += spend is Spend.Proposal ? 1 : 0;
            lastMinute.Enqueue(now);
            return null;
        }
    }

    /// <summary>Counts tokens that were answered.</summary>
    public void AddOutput(long tokens) => Interlocked.Add(ref outputTokens, tokens);

    /// <summary>Takes a credential from the budget; false when it is spent.</summary>
    public bool TryTakeCredential(Budgets budgets)
    {
        lock (gate)
        {
            if (credentials >= budgets.Credentials)
            {
                return false;
            }

            credentials++;
            return true;
        }
    }
}
