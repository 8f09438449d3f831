namespace McpInfra.Guardrails.Flow;

/// <summary>
/// Asks a person before a draft operation of a session that has read text which gives orders, or that has read of another repository than
/// the one written to: what was read could flow there. Reading and recommending go on.
/// </summary>
/// <remarks>
/// What is read is noted before the operation runs, so that nothing can be written in between; a read that a later guard refuses counts too.
/// Whether one repository is more public than another is not known here, so any other one counts as such.
/// </remarks>
public sealed class FlowGuard : IInputGuard
{
    private const string GuardName = "flow";
    private const string Look = "A person has to look at what is written before it leaves";

    /// <inheritdoc/>
    public string Name => GuardName;

    /// <inheritdoc/>
    public ValueTask<Verdict> CheckAsync(Call call, CancellationToken stop)
    {
        var session = call.Caller.Session;
        if (call.Operation.Tier < Tier.Draft)
        {
            foreach (var repository in Content(call))
            {
                session.NoteRead(repository);
            }

            return new(Verdict.Allow);
        }

        return new(Would(call));
    }

    /// <summary>What it decides on a call, without noting that anything was read.</summary>
    internal static Verdict Would(Call call)
    {
        var session = call.Caller.Session;
        return call.Operation.Tier < Tier.Draft ? Verdict.Allow
            : session.FlaggedBy is not null ? Verdict.Ask(GuardName, "text that gives orders was read in this session", people: 1, Look)
            : ReadElsewhere(call, session) ? Verdict.Ask(GuardName, "this session has read of another repository than it would write to", people: 1, Look)
            : Verdict.Allow;
    }

    private static bool ReadElsewhere(Call call, Session session)
    {
        var sinks = call.Targets.Select(target => target.Repository).OfType<string>().Distinct().ToList();
        return session.RepositoriesRead.Any(read => sinks.Count == 0 || sinks.Any(sink => sink != read));
    }

    // Resources carry the repository that manages them, but what is shown of them is the cloud's.
    private static IEnumerable<string> Content(Call call) =>
        from target in call.Targets
        where target is { Repository: not null, Type: "repository" or "stack" or "plan" or "file" or "proposal" }
        select target.Repository!;
}
