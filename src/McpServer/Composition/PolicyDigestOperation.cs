using System.Globalization;
using System.Text;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Binding;
using McpInfra.Guardrails.Policies;
using McpInfra.Tools.Git;
using McpInfra.Tools.Proposals;

namespace McpInfra.Host.Composition;

/// <summary>infra://policy/digest: the rules that decide here, for the caller's agent type, and who changed them last.</summary>
internal static class PolicyDigestOperation
{
    private const int MostNamed = 8;
    private const int MostName = 40;
    private const int FrameBytes = 250;

    private sealed record Nothing;

    public static Operation Over(PoliciesInForce policies, FileHistory? history) => new()
    {
        Kind = OperationKind.Resource,
        Name = "policy_digest",
        Tier = Tier.Observe,
        Description = "The rules that decide here, in short.",
        Schema = Binder<Nothing>.Schema,
        Bind = Binder<Nothing>.Bind,
        Run = (call, _) => new(Of(policies.Current, call.Caller, history)),
    };

    /// <summary>The digest of a caller. Names of authors are whatever they wrote into their commits, so they stand apart.</summary>
    public static Answer Of(Rulebook rulebook, Caller caller, FileHistory? history)
    {
        var changes = Changes(rulebook.Told(caller.Agent), history, out var fault);
        return changes.Length == 0
            ? Answer.Own(rulebook.Digest(caller) + fault)
            : new Answer([new Part(Trust.Own, rulebook.Digest(caller, FrameBytes + Encoding.UTF8.GetByteCount(changes))), new Part(Trust.Tenant, changes, "who changed these policies last")]);
    }

    private static string Changes(IReadOnlyList<PlainPolicy> policies, FileHistory? history, out string fault)
    {
        fault = "";
        if (history is null || policies.Count == 0)
        {
            return "";
        }

        try
        {
            var changes = history.Of([.. policies.Select(policy => policy.File)]);
            return changes.Count == 0 ? "" : string.Join('\n', policies.Take(MostNamed).Select(policy => $"{ForgeText.Line(policy.Id, MostName)}: {Told(changes.GetValueOrDefault(policy.File))}"));
        }
        catch (RepositoryException exception)
        {
            fault = $"\n{exception.Message}\n";
            return "";
        }
    }

    private static string Told(FileChange? change) => change is null ? "in no commit"
        : string.Create(CultureInfo.InvariantCulture, $"{change.Time.UtcDateTime:yyyy-MM-dd} by {ForgeText.Line(change.Author, MostName)} in {change.Commit[..10]}{(change.IsCurrent ? "" : ", and since then without a commit")}");
}
