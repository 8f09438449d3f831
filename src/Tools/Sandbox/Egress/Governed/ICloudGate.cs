namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>
/// Decides, request by request, what a run may ask of the endpoints that belong to its credential. The proxy ends TLS for these; nothing reaches them but what the gate forwards.
/// </summary>
public interface ICloudGate
{
    /// <summary>Whether the endpoint is this gate's. Such an endpoint is never tunnelled, whatever the stack's egress says.</summary>
    bool Governs(Endpoint endpoint);

    /// <summary>Whether the operator bound this very endpoint, so that it may be spoken to without TLS, as an emulator is.</summary>
    bool AllowsPlain(Endpoint endpoint);

    /// <summary>What becomes of one request. An exception answers 502 and is recorded as a refusal.</summary>
    ValueTask<GateDecision> DecideAsync(GateRequest request, CancellationToken stop);
}
