using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Audit;
using McpInfra.Guardrails.Credentials;
using McpInfra.Guardrails.Redaction;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Proposals;
using McpInfra.Tools.Proposals.Forges;
using McpInfra.Tools.Tests.Git;

namespace McpInfra.Tools.Tests.Proposals;

/// <summary>A repository, a plan of an edit to it, and propose_change over a real store and forge.</summary>
internal sealed class Workshop : IDisposable
{
    public Workshop(ForgeSettings? forge = null, ICredentialSource? source = null, params IReadOnlyList<(string Path, string Text)> files)
    {
        Scratch = new ScratchRepository(files.Count > 0 ? files : [("main.tf", "resource \"terraform_data\" \"logs\" {}\n"), ("old.tf", "# old\n"), ("README.md", "read me\n")]);
        Settings = Scratch.Settings with { Forge = forge ?? new ForgeSettings("local"), Stacks = [new StackSettings(".", Environment: "prod")] };
        Source = source;
        Kept = TestKit.TestStore.In(Scratch.Folder);
    }

    public ScratchRepository Scratch { get; }

    public RepositorySettings Settings { get; }

    public ICredentialSource? Source { get; }

    public Plans Known { get; } = new();

    public Trail Audit { get; } = new();

    public Repositories Repositories => new([Settings], "acme", Path.Combine(Scratch.Folder, "state"), TimeProvider.System);

    public Repository Repository => Repositories.Find("infra")!;

    public TestKit.TestStore Kept { get; }

    public ProposalStore Store => new(Kept.Open(ProposalStore.Schema));

    /// <summary>A new process on the same state: nothing is shared but the store, the repository and the forge.</summary>
    public ProposeChange Tool() => new(
        Known, Repositories, new Drafts(Store, new RegisteredForges(new AuditedCredentials(Source is null ? [] : [Source], Audit, TimeProvider.System)), new Redactor(new SecretTokens(new byte[32])), TimeProvider.System));

    public Plan PlanOf(params IReadOnlyList<Edit> edits)
    {
        var repository = Repository;
        var head = repository.Base();
        var edited = repository.Apply(head.Tree, edits.Count > 0 ? edits : [new("main.tf", Find: "{}", Replace: "{ input = 1 }"), new("old.tf", Delete: true), new("modules/new.tf", Content: "# new\n")]);
        var plan = new Plan
        {
            Id = "plan_" + Known.Held.Count, Organization = "acme", Person = "pat", Agent = "remediator", Session = "session-1", Repository = "infra", Stack = ".", Environment = "prod",
            Base = head.Commit, Tree = edited.Tree, Files = edited.Files, Digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(head.Commit + edited.Tree))),
            Rests = new Dictionary<string, string>(), Changes = [new("terraform_data.logs", "update", "arn:aws:s3:::logs") { Affected = 3 }], Checks = [new("providers", true, "all from the allow-list")],
            Diff = "  ~ terraform_data.logs\n```\n<script>alert(1)</script> @everyone\n", Time = DateTimeOffset.UnixEpoch,
        };
        Known.Held.Add(plan);
        return plan;
    }

    /// <summary>Rules that took notice of the calls.</summary>
    public IReadOnlyList<Notice> Notices { get; set; } = [];

    public async Task<Resolution> TargetsAsync(string plan, Caller? caller = null) =>
        await Tool().TargetsAsync(new(plan, "t", "r"), caller ?? Calls.Caller(), CancellationToken.None);

    public async Task<Answer> ProposeAsync(string plan, string title = "Encrypt the log bucket", string reason = "It is not encrypted.", string? finding = "CKV_AWS_19", Caller? caller = null)
    {
        var args = new ProposeChange.Args(plan, title, reason, finding);
        return await Tool().RunAsync(args, Calls.Of(Tool(), args, caller) with { Approval = "approval_7", Notices = Notices }, CancellationToken.None);
    }

    public static string Field(Answer answer, string name) => answer.Structured![name]!.GetValue<string>();

    public void Dispose()
    {
        Kept.Dispose();
        Scratch.Dispose();
    }

    /// <summary>Plans as their owner would find them, without running an engine.</summary>
    internal sealed class Plans : IPlans
    {
        public List<Plan> Held { get; } = [];

        public IReadOnlyList<string> Moved { get; set; } = [];

        public Plan? Find(string id, Caller caller) =>
            Held.Find(plan => plan.Id == id && plan.Organization == caller.Organization && plan.Person == caller.Person && plan.Session == caller.Session.Id);

        public ValueTask<IReadOnlyList<string>> MovedAsync(Plan plan, Caller caller, CancellationToken stop) => new(Moved);
    }

    /// <summary>A trail that remembers events, and breaks when told to.</summary>
    internal sealed class Trail : IAuditTrail
    {
        public List<AuditEntry> Events { get; } = [];

        public bool Broken { get; set; }

        public ValueTask BeginAsync(AuditEntry entry, bool durable, CancellationToken stop) => throw new NotSupportedException();

        public ValueTask EndAsync(AuditEntry entry, CancellationToken stop) => throw new NotSupportedException();

        public ValueTask EventAsync(AuditEntry entry, CancellationToken stop)
        {
            if (Broken)
            {
                throw new IOException("disk full");
            }

            Events.Add(entry);
            return default;
        }
    }
}
