using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.Tools.Proposals;

namespace McpInfra.Tools.Git;

/// <summary>Shows a file or folder of a registered repository, or the lines that hold a text.</summary>
public sealed class ReadRepository(Repositories repositories, ProposalStore proposals) : ITool<ReadRepository.Args>
{
    private const string Worktree = "worktree";

    /// <summary>The arguments.</summary>
    /// <param name="Repository">The repository.</param>
    /// <param name="Path">File or folder.</param>
    /// <param name="Ref">Which state.</param>
    /// <param name="Search">Text looked for.</param>
    /// <param name="Lines">Which lines.</param>
    /// <param name="Cursor">Where to go on.</param>
    public sealed record Args(
        [MinLength(1)] string Repository,
        [Description("File or folder with `/`; none for the root.")] string? Path = null,
        [Description("The default branch if none; `worktree`; a proposal.")] string? Ref = null,
        [Description("Text to find, any case, under path.")] [MinLength(1)] [MaxLength(200)] string? Search = null,
        [Description("Such as 10-40.")] [MaxLength(20)] string? Lines = null,
        string? Cursor = null);

    /// <inheritdoc/>
    public static ToolDeclaration Declaration { get; } = new("read_repository", Tier.Observe, "Reads a registered repository: a folder's listing, a file with line numbers, or the lines that hold a text.");

    /// <summary>The repository; unregistered ones, paths that could leave it and files that hold secrets are refused here.</summary>
    public ValueTask<Resolution> TargetsAsync(Args args, Caller caller, CancellationToken stop)
    {
        if (repositories.Find(args.Repository) is not { } repository)
        {
            var names = repositories.Names.Where(name => caller.Agent.Repositories?.Contains(name) ?? true).Take(20).ToList();
            return new(Resolution.Refused("the repository is not registered", names.Count == 0 ? "Ask a platform engineer to register one" : $"Use one of {string.Join(", ", names)}"));
        }

        var fault = "";
        return new(
            Root(args.Path) is null && RepositoryPath.TryParse(Plain(args.Path!), out fault) is null ? Resolution.Refused(fault, "Use a path that a listing of the repository shows")
            : Root(args.Path) is null && WithheldPaths.Withholds(Plain(args.Path!)) ? Resolution.Refused("files of this kind hold secrets and are not shown", "Read another file")
            : new Resolution([new Target { Id = repository.Name, Type = "repository", Repository = repository.Name }]));
    }

    /// <inheritdoc/>
    public ValueTask<Answer> RunAsync(Args args, Call call, CancellationToken stop)
    {
        var repository = repositories.Find(args.Repository)!;
        try
        {
            return new(State(repository, args.Ref, call.Caller) is { } state
                ? Read(repository, state, args, stop)
                : Answer.Fault("`ref` must be the default branch, `worktree`, or a proposal or its branch."));
        }
        catch (RepositoryException exception)
        {
            return new(Answer.Fault(exception.Message, exception.Path is { } path ? [new Part(Trust.Tenant, path, "path")] : []));
        }
    }

    private Shown? State(Repository repository, string? reference, Caller caller)
    {
        if (reference == Worktree)
        {
            return new(repository.WorktreeTree(), "tracked files of the working tree");
        }

        if (reference is null || reference == repository.DefaultBranch)
        {
            var head = repository.Base();
            return new(head.Tree, $"default branch at commit {head.Commit[..12]}");
        }

        return proposals.Find(caller.Organization, repository.Name, reference) is { } proposal ? new(proposal.Tree, $"proposal {proposal.Id}") : null;
    }

    private static Answer Read(Repository repository, Shown state, Args args, CancellationToken stop)
    {
        var query = new[] { repository.Name, state.Tree, args.Path, args.Search, args.Lines };
        if (Cursor.Position(args.Cursor, query) is not { } from)
        {
            return Answer.Fault("The cursor belongs to another query, or the repository has moved since. Ask again without it.");
        }

        var path = Root(args.Path) is null ? RepositoryPath.TryParse(Plain(args.Path!), out _) : null;
        var page = args.Search is { } text ? new RepositorySearch(repository, state.Tree).Find(path, text, from, stop)
            : repository.Find(state.Tree, path) switch
            {
                TreeNode.Folder folder => RepositoryPages.Folder(folder, from),
                TreeNode.Leaf { File: var file } => RepositoryPages.File(repository, file, args.Lines, from),
                TreeNode.Absent absent => Page.Faulty($"Nothing to show: {absent.Why}. List the folder above it to see what is there."),
                _ => throw new InvalidOperationException("A path of a tree is a folder, a leaf or absent."),
            };
        if (page.Fault is { } fault)
        {
            return Answer.Fault(fault);
        }

        var cursor = page.Next is { } next ? Cursor.Of(next, query) : null;
        var parts = new List<Part> { new(Trust.Own, $"{repository.Name}, {state.Name}: {page.Heading}") };
        if (page.Text.Length > 0)
        {
            parts.Add(new Part(Trust.Tenant, page.Text, "content of the repository"));
        }

        if (cursor is not null)
        {
            parts.Add(new Part(Trust.Own, $"More: cursor `{cursor}`."));
        }

        return new Answer(parts)
        {
            Structured = new JsonObject { ["repository"] = repository.Name, ["state"] = state.Name, ["summary"] = page.Heading, ["text"] = page.Text, ["cursor"] = cursor },
        };
    }

    // The ways in which the root is named; everything else must be a path.
    private static string? Root(string? path) => path is null or "" or "." or "./" ? "" : null;

    private static string Plain(string path)
    {
        var plain = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
        return plain.EndsWith('/') && plain.Length > 1 ? plain[..^1] : plain;
    }

    private sealed record Shown(string Tree, string Name);
}
