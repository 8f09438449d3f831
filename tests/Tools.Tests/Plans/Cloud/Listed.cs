using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Tests.Plans.Cloud;

/// <summary>A cloud as a gate itself asks it: one answer after the other, the last one again and again.</summary>
internal sealed class Listed(params string[] pages) : IOutside
{
    public int Status { get; init; } = 200;

    public List<ForwardedRequest> Asked { get; } = [];

    public Task<GateReply> AskAsync(CloudAction asked, Endpoint endpoint, bool secure, ForwardedRequest request, CancellationToken stop)
    {
        Asked.Add(request);
        return Task.FromResult(new GateReply(Status, "application/json", System.Text.Encoding.UTF8.GetBytes(pages[Math.Min(Asked.Count, pages.Length) - 1])));
    }
}
