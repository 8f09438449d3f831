using McpInfra.Guardrails.Budgets;
using Xunit;

namespace McpInfra.Guardrails.Tests;

public sealed class A_budget_of_plans
{
    private readonly BudgetGuard guard = new(TimeProvider.System);
    private readonly Call call = Planning();

    [Fact]
    public async Task Is_spent_by_plans_and_not_by_waiting_on_one()
    {
        Assert.Equal(Decision.Allow, (await guard.CheckAsync(call, TestContext.Current.CancellationToken)).Decision);
        Assert.Equal(Decision.Allow, (await guard.CheckAsync(call with { Continues = true }, TestContext.Current.CancellationToken)).Decision);
        var spent = await guard.CheckAsync(call, TestContext.Current.CancellationToken);
        Assert.Equal((Decision.Deny, "the budget plans of this session is spent"), (spent.Decision, spent.Rule));
    }

    private static Call Planning()
    {
        var caller = Calls.Caller(agent: Calls.Agent() with { Budgets = new Budgets.Budgets(Plans: 1) }, session: new Session("s", TimeProvider.System.GetUtcNow()));
        var operation = new Operation
        {
            Kind = OperationKind.Tool, Name = "plan", Tier = Tier.Recommend, Description = "Plans.", Spends = Spend.Plan, Schema = default,
            Bind = _ => new Binding.Bound(new object(), null), Run = (_, _) => new(Answer.Own("")),
        };
        return new Call("call", caller, operation, new object(), default, [], Structured: false);
    }
}
