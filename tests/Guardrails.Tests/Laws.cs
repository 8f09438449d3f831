using CsCheck;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Identity;
using McpInfra.Guardrails.Injection;
using McpInfra.Guardrails.Redaction;
using Xunit;

namespace McpInfra.Guardrails.Tests;

/// <summary>What holds for every pipeline, whatever its guards do.</summary>
public sealed class Laws
{
    private static readonly string[] AccessNames = ["allowlist", "tier"];
    private static readonly string[] InputNames = ["budget", "injection", "flow", "policy"];

    /// <summary>All a guard can do, the outrageous included.</summary>
    public enum Does
    {
        Allow, Note, Ask, Deny, DenyUnderAForeignName, Throw, ThrowCancelled, AnswerNothing,
    }

    public sealed record Guarding(Does Identity, IReadOnlyList<Does> Access, IReadOnlyList<Does> Input, Does Approval, bool Binds, bool Resolves)
    {
        /// <summary>Whether everything allows; what asks is for the approval guard to admit.</summary>
        public bool Admits => Allows(Identity) && Access.All(Allows) && Binds && Resolves && Input.All(does => Allows(does) || does is Does.Ask) && Allows(Approval);

        private static bool Allows(Does does) => does is Does.Allow or Does.Note;
    }

    private static readonly Gen<Does> Doing = Gen.Frequency((6, Calls.Among(Does.Allow, Does.Note)), (1, Calls.Among(Enum.GetValues<Does>())));
    private static readonly Gen<Guarding> Guardings = Gen.Select(Doing, Doing.List[0, 2], Doing.List[0, 4], Doing, Gen.Int[0, 9], Gen.Int[0, 9],
        (identity, access, input, approval, binds, resolves) => new Guarding(identity, access, input, approval, binds > 0, resolves > 0));

    private static Verdict? Decide(string guard, Does does) => does switch
    {
        Does.Allow => Verdict.Allow,
        Does.Note => Verdict.Noted(guard, "noticed", Severity.Warn),
        Does.Ask => Verdict.Ask(guard, "a person is wanted", 1, "ask"),
        Does.Deny => Verdict.Deny(guard, "no", "stop"),
        Does.DenyUnderAForeignName => Verdict.Deny("<script>", "no", "stop"),
        Does.Throw => throw new InvalidOperationException("hunter2"),
        Does.ThrowCancelled => throw new OperationCanceledException(),
        _ => null,
    };

    private static Harness With(Guarding guarding, IReadOnlyList<IInputGuard>? input = null) => new()
    {
        Identify = () => Decide("identity", guarding.Identity) is { } verdict ? new Identified(Calls.Caller(), verdict) : null!,
        Access = [.. guarding.Access.Select((does, index) => new Told(AccessNames[index], () => Decide(AccessNames[index], does)))],
        Input = input ?? [.. guarding.Input.Select((does, index) => new Told(InputNames[index], () => Decide(InputNames[index], does)))],
        Approve = _ => Decide("approval", guarding.Approval),
        Bind = arguments => guarding.Binds ? new(arguments, null) : new(null, "plan is missing"),
        Targets = () => new(guarding.Resolves ? Resolution.None : Resolution.Refused("no such plan", "look")),
    };

    [Fact]
    public Task It_runs_once_when_everything_allows_and_never_when_anything_does_not() => Guardings.SampleAsync(async guarding =>
    {
        var harness = With(guarding);
        var outcome = await harness.CallAsync();
        return harness.Runs == (guarding.Admits ? 1 : 0) && outcome.Refusal is null == guarding.Admits;
    });

    [Fact]
    public Task One_request_leaves_one_begin_and_then_one_end() => Guardings.SampleAsync(async guarding =>
    {
        var harness = With(guarding);
        var outcome = await harness.CallAsync();
        return harness.Trail.Records is [("begin", var begin), ("end", var end)]
            && begin.Call == outcome.Audit && end.Call == outcome.Audit && begin.Outcome is null
            && end.Outcome == (guarding.Admits ? "answered" : "denied")
            && (guarding.Admits || end.Verdict == outcome.Refusal);
    });

    [Fact]
    public Task A_refusal_is_under_a_name_that_clients_know_and_says_nothing_of_an_exception() => Guardings.SampleAsync(async guarding =>
    {
        var outcome = await With(guarding).CallAsync();
        return outcome.Refusal is not { } refusal
            || (refusal.Decision is Decision.Deny && GuardNames.Contains(refusal.Guard) && !outcome.RefusalText.Contains("hunter2", StringComparison.Ordinal));
    });

    [Fact]
    public Task Adding_a_guard_never_widens_access() =>
        Gen.Select(Guardings, Doing, Gen.Int[0, 4]).SampleAsync(async (guarding, added, place) =>
        {
            var without = With(guarding with { Input = [.. guarding.Input.Take(3)] });
            var input = without.Input.ToList();
            input.Insert(Math.Min(place, input.Count), new Told("policy", () => Decide("policy", added)));
            var with = With(guarding, input);
            await without.CallAsync();
            await with.CallAsync();
            return with.Runs <= without.Runs;
        });

    [Fact]
    public Task What_is_listed_is_not_refused_by_access_and_what_is_hidden_is()
    {
        var globs = Calls.Among("*", "search_*", "search_resources", "propose_*", "", "?earch_resources", "SEARCH_resources").List[0, 3];
        return Gen.Select(globs, globs, Calls.Among([.. Enum.GetValues<Tier>(), (Tier)9, (Tier)(-1)]), Calls.Among([.. Enum.GetValues<Tier>(), (Tier)9]))
            .SampleAsync(async (allow, deny, agents, operations) =>
            {
                var agent = new AgentType { Name = "any", Tier = agents, Allow = allow, Deny = deny };
                var harness = new Harness
                {
                    Identify = () => new Identified(Calls.Caller(agent: agent), Verdict.Allow), Access = [new AllowlistGuard(), new TierGuard()], Tier = operations,
                };
                var listed = harness.Pipeline.List(new Peer("stdio", "ada", "s1", null), OperationKind.Tool).Count == 1;
                var refused = (await harness.CallAsync()).Refusal?.Guard is "allowlist" or "tier";
                return listed != refused;
            });
    }

    [Fact]
    public void Cleaning_twice_equals_cleaning_once() =>
        CleaningLaw.Hold(OutputGuards.All(new SecretTokens("acme-organization-token-key-for-tests"u8.ToArray()), InjectionFilter.Shipped));

    [Fact]
    public void A_word_longer_than_any_with_a_sign_in_it_is_scored() =>
        Assert.InRange(InjectionFilter.Shipped.Score(new string('x', 40) + "!y"), 0, 1);
}
