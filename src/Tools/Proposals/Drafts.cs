using McpInfra.Graph.Hcl;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Redaction;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Proposals.Forges;

namespace McpInfra.Tools.Proposals;

/// <summary>Makes proposals out of plans: kept first, then on the forge, then known by where people see them. Any step may be taken twice.</summary>
/// <param name="store">Keeps them.</param>
/// <param name="forges">Where they are opened.</param>
/// <param name="redactor">Masks secrets in what the caller says of them: people and logs of the forge see it.</param>
/// <param name="time">The clock.</param>
public sealed class Drafts(ProposalStore store, RegisteredForges forges, Redactor redactor, TimeProvider time) : IDisposable
{
    private const int MostTitle = 100;
    private static readonly TimeSpan MostWait = TimeSpan.FromMinutes(1);

    // Forges do not promise to notice two equal pull requests that are asked for at once.
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>The proposal that the plan's digest already has on its forge, or null.</summary>
    public Proposal? Opened(Plan plan) => store.OfDigest(plan.Organization, plan.Repository, plan.Digest) is { Url: not null } opened ? opened : null;

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    /// <summary>Whether the forge's default branch is still the plan's base.</summary>
    public ValueTask<bool> HoldsAsync(Repository repository, Plan plan, Caller caller, CancellationToken stop) =>
        forges.Of(repository).HoldsAsync(repository, plan.Base, caller, stop);

    /// <summary>Opens the plan's proposal, or goes on with one that was begun.</summary>
    public async ValueTask<Proposal> OpenAsync(Repository repository, Plan plan, ProposeChange.Args args, Call call, CancellationToken stop)
    {
        if (!await turn.WaitAsync(MostWait, stop))
        {
            throw new ForgeException("Other proposals are still being opened. Try again in a minute.");
        }

        try
        {
            return Opened(plan) ?? await BeginOrGoOnAsync(repository, plan, args, call, stop);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Proposal> BeginOrGoOnAsync(Repository repository, Plan plan, ProposeChange.Args args, Call call, CancellationToken stop)
    {
        CheckFiles(repository, plan);
        args = args with { Title = redactor.Text(args.Title), Reason = redactor.Text(args.Reason), Finding = args.Finding is { } finding ? redactor.Text(finding) : null };
        var title = ForgeText.Line(args.Title, MostTitle);
        var begun = store.Begin(new Proposal
        {
            Id = "proposal_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
            Organization = plan.Organization,
            Repository = plan.Repository,
            Plan = plan.Id,
            Digest = plan.Digest,
            Base = plan.Base,
            Tree = plan.Tree,
            Files = plan.Files,
            Branch = BranchName.Of(call.Caller.Agent.Name, args.Finding ?? args.Title, plan.Digest),
            Title = title.Length == 0 ? "Change of " + plan.Stack : title,
            Message = Evidence.Message(title.Length == 0 ? "Change of " + plan.Stack : title, plan, call),
            Body = Evidence.Body(plan, args, call, repository.DefaultBranch),
            Labels = Evidence.Labels(call),
            Time = time.GetUtcNow(),
        });
        return store.Open(begun, await forges.Of(repository).OpenAsync(repository, begun, call.Caller, stop));
    }

    // The plan's own rules say which folders are the stack's; the tree that people are shown is compared with its base once more.
    private static void CheckFiles(Repository repository, Plan plan)
    {
        var revision = repository.Revision(plan.Base) ?? throw new RepositoryException("The plan's base is no longer in the repository. Plan again.");
        var changed = repository.Changed(revision.Tree, plan.Tree);
        if (changed.Count == 0)
        {
            throw new RepositoryException("The plan has no edits, so there is nothing to propose. Plan again with the edits that you want.");
        }

        if (changed.FirstOrDefault(path => !plan.Files.Contains(path) || EngineFiles.Kind(CodePath.Name(path)) is EngineFile.None || WithheldPaths.Withholds(path)) is { } other)
        {
            throw new RepositoryException("The plan changes a file that is not one of the stack's engine files. Plan again without that change.", other);
        }
    }
}
