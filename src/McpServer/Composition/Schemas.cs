using McpInfra.Graph;
using McpInfra.Guardrails.Approvals;
using McpInfra.Storage;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Proposals;

namespace McpInfra.Host.Composition;

/// <summary>The tables of every feature.</summary>
internal static class Schemas
{
    public static IReadOnlyList<Schema> All { get; } = [GraphSchema.Schema, ApprovalStore.Schema, PlanStore.Schema, ProposalStore.Schema];
}
