using System.Security.Cryptography;
using System.Text.Json;
using McpInfra.Guardrails;
using McpInfra.Tools.Git;

namespace McpInfra.Tools.Plans;

/// <summary>What is to be planned, and for whom.</summary>
/// <param name="Call">Audit id of the call that asked first.</param>
/// <param name="Caller">Whose plan it becomes.</param>
/// <param name="Repository">Registered repository.</param>
/// <param name="Stack">Its stack.</param>
/// <param name="Edits">In order; may be empty.</param>
/// <param name="From">A branch, `worktree`, or null for the default branch.</param>
public sealed record PlanRequest(string Call, Caller Caller, Repository Repository, StackSettings Stack, IReadOnlyList<Edit> Edits, string? From)
{
    /// <summary>What the run is to find out.</summary>
    public PlanKind Kind { get; init; }

    /// <summary>Owner and question as one text: the identical call of the same owner has the same.</summary>
    internal string Key => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
    {
        Caller.Organization,
        Caller.Person,
        Agent = Caller.Agent.Name,
        Session = Caller.Session.Id,
        Repository = Repository.Name,
        Stack.Path,
        Edits,
        From,
        Kind,
    })));
}
