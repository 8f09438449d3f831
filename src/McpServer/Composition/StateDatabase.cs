using McpInfra.Graph;
using McpInfra.Guardrails.Approvals;
using McpInfra.Host.Settings;
using McpInfra.Storage;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Proposals;

namespace McpInfra.Host.Composition;

/// <summary>The state folder's database, with the tables of every feature.</summary>
internal static class StateDatabase
{
    private static readonly IReadOnlyList<Schema> Schemas = [GraphSchema.Schema, ApprovalStore.Schema, PlanStore.Schema, ProposalStore.Schema];

    /// <summary>Opens it; folder and file are made when they are missing.</summary>
    public static Database Open(Settings.Settings settings)
    {
        StateFolder.Ensure(settings.StateFolder);
        return Database.OpenSqlite(Path.Combine(settings.StateFolder, "state.db"), Schemas);
    }
}
