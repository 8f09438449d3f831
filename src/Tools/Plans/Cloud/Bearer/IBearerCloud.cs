using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Bearer;

/// <summary>What is each cloud's own where requests carry a bearer: its hosts, its token endpoints, its table and its pins.</summary>
internal interface IBearerCloud
{
    /// <summary>What the run's environment says of its identity: dummies all of them.</summary>
    IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>The run's bearer; null while none was asked for.</summary>
    RunBearer? Bearer { get; }

    /// <summary>Whether the endpoint is the cloud's.</summary>
    bool Governs(Endpoint endpoint);

    /// <summary>Whether it may be spoken to without TLS.</summary>
    bool AllowsPlain(Endpoint endpoint);

    /// <summary>Answers requests for tokens; null for any other.</summary>
    ValueTask<GateDecision?> IdentityAsync(GateRequest request, CancellationToken stop);

    /// <summary>What a request asks by the table, and nobody is asked for that.</summary>
    BearerAsked Read(GateRequest request);

    /// <summary>Why a request leads out of what the credential is pinned to; null when it does not.</summary>
    ValueTask<string?> ElsewhereAsync(GateRequest request, BearerAsked asked, CancellationToken stop);

    /// <summary>An error in the cloud's own form.</summary>
    GateReply Denied(string reason);
}

/// <summary>What a request asks.</summary>
/// <param name="Action">For the trail.</param>
/// <param name="Service">Such as `Microsoft.Network` or `compute`.</param>
/// <param name="Path">Its path; null when it has none that is plain.</param>
/// <param name="Fault">Why it may not be asked; null when it may.</param>
internal sealed record BearerAsked(CloudAction Action, string Service, RequestPath? Path, string? Fault)
{
    /// <summary>Answers a read of a secret, which goes nowhere; null when it is none.</summary>
    public SecretRead? Secret { get; init; }

    /// <summary>The target that is asked instead: the same without its secrets. Null for the request's own.</summary>
    public string? Instead { get; init; }
}
