using McpInfra.Guardrails;
using McpInfra.Tools.Git;

namespace McpInfra.Tools.Plans;

/// <summary>The tree that is planned, fixed before anything runs.</summary>
/// <param name="Tree">Tree id, hexadecimal.</param>
/// <param name="Files">Its entries.</param>
/// <param name="Base">Entries of the tree that a proposal would change.</param>
/// <param name="Changed">Paths that differ between them.</param>
internal sealed record PlannedCode(string Tree, IReadOnlyList<TreeFile> Files, IReadOnlyList<TreeFile> Base, IReadOnlyList<string> Changed)
{
    /// <exception cref="PlanFault">An edit does not apply.</exception>
    public static PlannedCode Of(PlanRequest request, Revision start)
    {
        var repository = request.Repository;
        var tree = request.From == Grounds.Worktree ? repository.WorktreeTree() : start.Tree;
        if (request.Edits.Count > 0)
        {
            var edited = repository.Apply(tree, request.Edits);
            tree = edited.Fault is { } fault
                ? throw PlanFault.Of($"An edit does not apply{(fault.Line is { } line ? $" at line {line}" : "")}: {fault.Message}", new Part(Trust.Tenant, fault.Path, "the edit's path"))
                : edited.Tree;
        }

        return new PlannedCode(tree, repository.Files(tree), repository.Files(start.Tree), repository.Changed(start.Tree, tree));
    }
}
