using McpInfra.Tools.Credentials;
using McpInfra.Tools.Plans.Engines.Terraform;
using McpInfra.Tools.Plans.Engines.Terraform.Modules;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans;

/// <summary>What a plan showed and how it was made.</summary>
/// <param name="Contents">The masked plan.</param>
/// <param name="State">The state that it ran on.</param>
/// <param name="Now">What it rests on.</param>
/// <param name="Rules">What the check of its code found.</param>
/// <param name="Reached">What it reached or was refused.</param>
/// <param name="Sandbox">Where it ran.</param>
public sealed record PlanEvidence(
    PlanContents Contents, SanitizedState State, GroundsNow Now, RulesResult Rules, IReadOnlyList<EgressRecord> Reached, ISandbox Sandbox)
{
    private const int MostPaths = 10;
    private const int MostNotCompared = 100;

    /// <summary>The providers that ran.</summary>
    public IReadOnlyList<VerifiedPackage> Providers { get; init; } = [];

    /// <summary>The credentials behind the gates that it was run with.</summary>
    public IReadOnlyList<CloudCredential> Credentials { get; init; } = [];

    /// <summary>Outputs of other stacks that it read.</summary>
    public IReadOnlyList<RemoteOutput> Remote { get; init; } = [];

    /// <summary>Modules that were fetched for it.</summary>
    public FetchedModules Fetched { get; init; } = FetchedModules.None;

    /// <summary>What was checked, in order, in our own words.</summary>
    public IReadOnlyList<PlanCheck> Checks =>
    [
        new("code", true, $"{Count(Rules.Folders.Count, "folder")} read before anything ran; {(Rules.Warnings.Count == 0 ? "nothing in it depends on where it runs" : Count(Rules.Warnings.Count, "warning"))}"),
        .. Fetched.Packages.Count == 0 ? Array.Empty<PlanCheck>() : [new PlanCheck("modules", true, $"{Count(Fetched.Packages.Count, "module")} fetched by commit and read like the rest") { Named = [.. Fetched.Packages.Select(package => package.ToString())] }],
        new("sandbox", Sandbox.Kind is not SandboxKind.None, Sandbox.Kind is SandboxKind.None ? "none: the operator allows plans with the server's rights" : Now.Rests["sandbox"]),
        .. Credentials.Select(credential => new PlanCheck("credential", true, credential.Told)),
        new("providers", true, Providers.Count == 0 ? "none but the engine's own" : $"{Count(Providers.Count, "provider")}, each hash checked") { Named = [.. Providers.Select(provider => $"{provider.Address} {provider.Version}, hash checked against {provider.Voucher}")] },
        new("state", true, Now.State.Bytes is null
            ? $"{Now.State.Origin}: no state is there yet, so everything shows as new"
            : $"{Now.State.Origin}, serial {Now.State.Serial}, read and not locked{(Now.State.Locked is true ? " (somebody holds its lock, so it may change soon)" : "")}; {Count(State.Masked.Count, "secret value")} replaced by tokens before it was used"),
        .. Remote.Count == 0 ? Array.Empty<PlanCheck>() : [new PlanCheck("outputs", true, $"outputs of {Count(Remote.Count, "other stack")} handed in: {string.Join(", ", Remote.Select(output => output.Stack))}; sensitive ones are left out")],
        new("compared", true, Contents.NotCompared.Count == 0
            ? "every resource; attributes that hold a token instead of a secret are listed as not compared"
            : $"{Count(Contents.NotCompared.Count, "resource")} differ only by a token that stands for a secret and are left out"),
        .. Contents.Changes.Count(change => change.ReplacedForTokens) is > 0 and var kept ? [new PlanCheck("replaced", true, $"{Count(kept, "resource")} that only a token would have replaced shown as an update")] : Array.Empty<PlanCheck>(),
        new("endpoints", Reached.All(reached => reached.Allowed), Reached.Count == 0 ? "no network" : Counted()),
        new("conditions", Contents.FailedChecks == 0, Contents.FailedChecks == 0 ? "no condition of the code fails" : $"{Count(Contents.FailedChecks, "condition")} of the code fail"),
        .. Contents.Complete ? Array.Empty<PlanCheck>() : [new PlanCheck("complete", false, "the engine deferred part of the plan")],
    ];

    /// <summary>Resources that were left out, then by resource the attributes that held a token instead of a secret: what is there may differ from what the code or the state says.</summary>
    public IReadOnlyList<string> NotCompared
    {
        get
        {
            var (leftOut, shown) = (Contents.NotCompared.ToHashSet(StringComparer.Ordinal), Contents.Changes.SelectMany(change => change.Lines.Select(line => (change.Address, Top(line.Name)))).ToHashSet());
            var attributes = State.Masked.Where(value => !leftOut.Contains(value.Address) && !shown.Contains((value.Address, Top(value.Path)))).GroupBy(value => value.Address, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{group.Key}: {string.Join(", ", group.Select(value => value.Path).Order(StringComparer.Ordinal).Take(MostPaths))}{(group.Count() > MostPaths ? ", …" : "")}").ToList();
            List<string> all = [.. Contents.NotCompared, .. attributes];
            return all.Count <= MostNotCompared ? all : [.. all.Take(MostNotCompared), $"… and {all.Count - MostNotCompared} more"];
        }
    }

    /// <summary>What was refused, then what was reached how often: by service and action where the request was read.</summary>
    public IReadOnlyList<string> Endpoints => [.. Reached.OrderBy(reached => reached.Allowed).ThenByDescending(reached => reached.Requests).Select(Told)];

    private static string Top(string path) => path.Split('.', '[')[0];

    private static string Told(EgressRecord reached)
    {
        var what = reached.Asked is { } asked ? $"{reached.Endpoint} {asked}" : reached.Endpoint;
        return reached.Allowed
            ? $"{what}: {Count(reached.Requests, "request")}{(reached.Answered ? ", answered by the proxy" : "")}"
            : $"{what}: refused {Count(reached.Requests, "time")}, {reached.Reason}";
    }

    private string Counted()
    {
        var answered = Sum(reached => reached.Answered);
        return $"{Count(Sum(reached => reached is { Allowed: true, Answered: false }), "request")} let through, {(answered > 0 ? $"{answered} answered by the proxy, " : "")}{Sum(reached => !reached.Allowed)} refused";
    }

    private long Sum(Func<EgressRecord, bool> which) => Reached.Where(which).Sum(reached => reached.Requests);

    private static string Count(long count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
