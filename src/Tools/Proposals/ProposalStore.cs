using System.Globalization;
using System.Text.Json;
using Dapper;
using McpInfra.Storage;

namespace McpInfra.Tools.Proposals;

/// <summary>Proposals by organisation. One plan's digest has one proposal, whichever process asks first.</summary>
public sealed class ProposalStore(Database database)
{
    /// <summary>Its tables.</summary>
    public static Schema Schema { get; } = new(
        "proposals",
        """
        CREATE TABLE proposal (
            organization TEXT NOT NULL, id TEXT NOT NULL, repository TEXT NOT NULL, digest TEXT NOT NULL, branch TEXT NOT NULL,
            plan TEXT NOT NULL, base TEXT NOT NULL, tree TEXT NOT NULL, files TEXT NOT NULL, title TEXT NOT NULL, message TEXT NOT NULL, body TEXT NOT NULL,
            time TEXT NOT NULL, url TEXT,
            PRIMARY KEY (organization, id));
        CREATE UNIQUE INDEX proposal_digest ON proposal (organization, repository, digest);
        CREATE INDEX proposal_branch ON proposal (organization, repository, branch);
        """,
        "ALTER TABLE proposal ADD COLUMN labels TEXT NOT NULL DEFAULT '[]';");

    private const string Columns = "id Id, organization Organization, repository Repository, plan Plan, digest Digest, base Base, tree Tree, files Files, branch Branch, title Title, message Message, body Body, labels Labels, time Time, url Url";

    /// <summary>The proposal of a plan's digest, opened or begun; null when there is none.</summary>
    public Proposal? OfDigest(string organization, string repository, string digest) =>
        Query("organization = @organization AND repository = @repository AND digest = @digest", new { organization, repository, digest });

    /// <summary>The proposal of an id or of a branch of the repository; null when there is none.</summary>
    public Proposal? Find(string organization, string repository, string idOrBranch) =>
        Query("organization = @organization AND repository = @repository AND (id = @idOrBranch OR branch = @idOrBranch) ORDER BY time LIMIT 1", new { organization, repository, idOrBranch });

    /// <summary>Keeps the proposal before its forge hears of it, or returns the one that its digest already has: what fails half-way is gone on with, not begun again.</summary>
    public Proposal Begin(Proposal proposal)
    {
        database.Write(connection => connection.Execute(
            """
            INSERT INTO proposal (organization, id, repository, digest, branch, plan, base, tree, files, title, message, body, labels, time)
            VALUES (@Organization, @Id, @Repository, @Digest, @Branch, @Plan, @Base, @Tree, @Files, @Title, @Message, @Body, @Labels, @Time)
            ON CONFLICT (organization, repository, digest) DO NOTHING
            """,
            new
            {
                proposal.Organization, proposal.Id, proposal.Repository, proposal.Digest, proposal.Branch, proposal.Plan, proposal.Base, proposal.Tree,
                Files = JsonSerializer.Serialize(proposal.Files), proposal.Title, proposal.Message, proposal.Body,
                Labels = JsonSerializer.Serialize(proposal.Labels), Time = proposal.Time.ToString("O", CultureInfo.InvariantCulture),
            }));
        return OfDigest(proposal.Organization, proposal.Repository, proposal.Digest)!;
    }

    /// <summary>Records where the proposal is to be seen.</summary>
    public Proposal Open(Proposal proposal, string url)
    {
        database.Write(connection => connection.Execute(
            "UPDATE proposal SET url = @url WHERE organization = @Organization AND id = @Id", new { url, proposal.Organization, proposal.Id }));
        return proposal with { Url = url };
    }

    private Proposal? Query(string condition, object values) =>
        database.Read(connection => connection.QueryFirstOrDefault<Row>($"SELECT {Columns} FROM proposal WHERE {condition}", values))?.ToProposal();

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Organization { get; init; } = "";
        public string Repository { get; init; } = "";
        public string Plan { get; init; } = "";
        public string Digest { get; init; } = "";
        public string Base { get; init; } = "";
        public string Tree { get; init; } = "";
        public string Files { get; init; } = "";
        public string Branch { get; init; } = "";
        public string Title { get; init; } = "";
        public string Message { get; init; } = "";
        public string Body { get; init; } = "";
        public string Labels { get; init; } = "";
        public string Time { get; init; } = "";
        public string? Url { get; init; }

        public Proposal ToProposal() => new()
        {
            Id = Id, Organization = Organization, Repository = Repository, Plan = Plan, Digest = Digest, Base = Base, Tree = Tree,
            Files = JsonSerializer.Deserialize<List<string>>(Files)!, Branch = Branch, Title = Title, Message = Message, Body = Body,
            Labels = JsonSerializer.Deserialize<List<string>>(Labels)!, Time = DateTimeOffset.Parse(Time, CultureInfo.InvariantCulture), Url = Url,
        };
    }
}
