using McpInfra.Guardrails.Approvals;
using McpInfra.Guardrails.Audit;
using McpInfra.Guardrails.Identity;

namespace McpInfra.Guardrails;

/// <summary>The guards in the order in which they decide. The order is part of the product: it shows in a diff and in a golden file.</summary>
/// <param name="Audit">Begins before anything and ends after everything.</param>
/// <param name="Identities">identity.</param>
/// <param name="Access">allowlist, tier: before binding, and alone for listing.</param>
/// <param name="Input">budget, injection, flow, policy: after binding and targets.</param>
/// <param name="Approvals">approval.</param>
/// <param name="Output">redact, neutralise, spotlight, trim.</param>
/// <param name="Redact">Redacts arguments for the trail.</param>
public sealed record Guards(
    IAuditTrail Audit,
    IIdentities Identities,
    IReadOnlyList<IAccessGuard> Access,
    IReadOnlyList<IInputGuard> Input,
    IApprovals Approvals,
    IReadOnlyList<IOutputGuard> Output,
    Func<System.Text.Json.JsonElement, System.Text.Json.Nodes.JsonNode?> Redact);
