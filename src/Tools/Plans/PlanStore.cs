using System.Text.Json;
using Dapper;
using McpInfra.Guardrails;
using McpInfra.Storage;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.Engines.Terraform;
using McpInfra.Tools.Plans.State;

namespace McpInfra.Tools.Plans;

/// <summary>Plans in the state folder: found by their owner only, at most fifty a session, gone after a day.</summary>
/// <param name="database">Opened with <see cref="Schema"/>.</param>
/// <param name="repositories">The registered repositories.</param>
/// <param name="grounds">What plans rest on.</param>
/// <param name="time">The clock.</param>
public sealed class PlanStore(Database database, Repositories repositories, Grounds grounds, TimeProvider time) : IPlans
{
    private const int MostInSession = 50;
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <summary>Its table.</summary>
    public static Schema Schema { get; } = new("plans",
        """
        CREATE TABLE plan (id TEXT PRIMARY KEY, organization TEXT NOT NULL, person TEXT, agent TEXT NOT NULL, session TEXT NOT NULL, time INTEGER NOT NULL, body TEXT NOT NULL);
        CREATE INDEX plan_owner ON plan (organization, session, time);
        CREATE INDEX plan_time ON plan (time);
        """);

    /// <inheritdoc/>
    public Plan? Find(string id, Caller caller)
    {
        var body = database.Read(connection => connection.QuerySingleOrDefault<string>(
            "SELECT body FROM plan WHERE id = @id AND organization = @Organization AND person IS NOT DISTINCT FROM @Person AND agent = @agent AND session = @session AND time > @oldest",
            new { id, caller.Organization, caller.Person, agent = caller.Agent.Name, session = caller.Session.Id, oldest = Oldest }));
        return body is null ? null : JsonSerializer.Deserialize<Plan>(body);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> MovedAsync(Plan plan, Caller caller, CancellationToken stop)
    {
        if (repositories.Find(plan.Repository) is not { } repository || repository.Settings.Stacks.FirstOrDefault(stack => stack.Path == plan.Stack) is not { } settings)
        {
            return ["the repository or stack is no longer registered"];
        }

        try
        {
            repository.Files(plan.Tree); // The tree must still be there to be proposed.
            var now = await grounds.NowAsync(caller, repository, settings, plan.Rests.GetValueOrDefault("from"), stop);
            var remote = plan.Rests.GetValueOrDefault("remote") ?? "";
            return Grounds.Moved(plan.Rests, new Dictionary<string, string>(now.Rests)
            {
                ["remote"] = await new RemoteOutputs(repositories, grounds.States).NowAsync(remote, caller, stop),
                ["fetched"] = await grounds.Modules.NowAsync(plan.Rests.GetValueOrDefault("fetched") ?? "", caller, stop),
            });
        }
        catch (Exception exception) when (exception is RepositoryException or StateException or EngineException)
        {
            return ["what it rests on can no longer be read"];
        }
    }

    /// <summary>Keeps a plan.</summary>
    public void Keep(Plan plan) => database.Write(connection =>
    {
        connection.Execute("DELETE FROM plan WHERE time <= @oldest", new { oldest = Oldest });
        connection.Execute(
            "DELETE FROM plan WHERE id IN (SELECT id FROM plan WHERE organization = @Organization AND session = @Session ORDER BY time DESC, id LIMIT 1000000 OFFSET @most)",
            new { plan.Organization, plan.Session, most = MostInSession - 1 });
        connection.Execute(
            "INSERT INTO plan (id, organization, person, agent, session, time, body) VALUES (@Id, @Organization, @Person, @Agent, @Session, @time, @body)",
            new { plan.Id, plan.Organization, plan.Person, plan.Agent, plan.Session, time = plan.Time.ToUnixTimeMilliseconds(), body = JsonSerializer.Serialize(plan) });
    });

    private long Oldest => (time.GetUtcNow() - Life).ToUnixTimeMilliseconds();
}
