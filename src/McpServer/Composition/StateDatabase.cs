using McpInfra.Graph;
using McpInfra.Guardrails.Approvals;
using McpInfra.Host.Settings;
using McpInfra.Storage;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Proposals;

namespace McpInfra.Host.Composition;

/// <summary>The database, in the state folder or in PostgreSQL, with the tables of every feature.</summary>
internal static class StateDatabase
{
    private static readonly IReadOnlyList<Schema> Schemas = [GraphSchema.Schema, ApprovalStore.Schema, PlanStore.Schema, ProposalStore.Schema];

    /// <summary>Opens it; folder, file and tables are made when they are missing.</summary>
    public static Database Open(Settings.Settings settings)
    {
        StateFolder.Ensure(settings.StateFolder);
        return settings.Postgres is { } postgres ? Database.OpenPostgres(postgres.Reveal(), Schemas) : Database.OpenSqlite(Path.Combine(settings.StateFolder, "state.db"), Schemas);
    }
}
