using McpInfra.Graph;
using McpInfra.Guardrails.Approvals;
using McpInfra.Guardrails.Injection.Reactions;
using McpInfra.Guardrails.Pinning;
using McpInfra.Host.Settings;
using McpInfra.Storage;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Proposals;

namespace McpInfra.Host.Composition;

/// <summary>The database, in the state folder or in PostgreSQL, with the tables of every feature.</summary>
internal static class StateDatabase
{
    private static readonly IReadOnlyList<Schema> Schemas = [GraphSchema.Schema, ApprovalStore.Schema, WithheldTexts.Schema, Pins.Schema, PlanStore.Schema, ProposalStore.Schema];

    /// <summary>Opens it; folder, file and tables are made when they are missing.</summary>
    public static Database Open(Settings.Settings settings)
    {
        StateFolder.Ensure(settings.StateFolder);
        return settings.Postgres is { } postgres ? Database.OpenPostgres(postgres.Reveal(), Schemas) : Database.OpenSqlite(FileOf(settings), Schemas);
    }

    /// <summary>The file of the embedded one.</summary>
    public static string FileOf(Settings.Settings settings) => Path.Combine(settings.StateFolder, "state.db");
}
