using McpInfra.Guardrails;
using McpInfra.Tools.Git;

namespace McpInfra.Tools.Proposals.Forges;

/// <summary>Where proposals of a repository are seen by people. It writes one branch of ours and opens one pull request; the default branch it never writes.</summary>
public interface IForge
{
    /// <summary>Whether the head of the forge's default branch is still the base: the same commit or, where commit ids differ, the same files in mode, path and content.</summary>
    /// <exception cref="ForgeException">The forge cannot be asked.</exception>
    ValueTask<bool> HoldsAsync(Repository repository, string baseCommit, Caller caller, CancellationToken stop);

    /// <summary>Makes the branch and the pull request, or goes on with what is there of them, and returns where people see it.</summary>
    /// <exception cref="ForgeException">The forge refused, or something that is not ours is in the way.</exception>
    ValueTask<string> OpenAsync(Repository repository, Proposal proposal, Caller caller, CancellationToken stop);
}
