namespace McpInfra.Guardrails.Policies;

/// <summary>
/// The rules that hold whatever a manifest allows: nothing runs above the draft tier; only tools do more than read;
/// a draft changes exactly one registered repository, so that it lands as a pull request there.
/// </summary>
public sealed class PolicyGuard : IInputGuard
{
    /// <summary>Version of these rules; part of the policies' version, so raise it with any change of them.</summary>
    internal const int Rules = 1;

    /// <inheritdoc/>
    public string Name => "policy";

    /// <inheritdoc/>
    public ValueTask<Verdict> CheckAsync(Call call, CancellationToken stop) => new(Check(call));

    private Verdict Check(Call call)
    {
        if (call.Operation.Tier > Tier.Draft)
        {
            return Verdict.Deny(Name, "nothing runs above the draft tier", "Propose the change as a pull request");
        }

        if (call.Operation.Tier > Tier.Observe && call.Operation.Kind is not OperationKind.Tool)
        {
            return Verdict.Deny(Name, "only tools do more than read", "Use the tool for it");
        }

        if (call.Operation.Tier < Tier.Draft)
        {
            return Verdict.Allow;
        }

        return call.Targets.Select(target => target.Repository).OfType<string>().Distinct().Count() switch
        {
            1 => Verdict.Allow,
            0 => Verdict.Deny(Name, "a draft must name the registered repository that it changes", "Start from a plan of a registered repository"),
            _ => Verdict.Deny(Name, "a draft changes one repository at a time", "Make one proposal for each repository"),
        };
    }
}
