namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>What becomes of a governed request.</summary>
/// <param name="Asked">What it asked for, for the trail.</param>
public abstract record GateDecision(CloudAction Asked)
{
    /// <summary>It goes out as this gate wrote it anew, and the answer comes back.</summary>
    public sealed record Forward(CloudAction Asked, ForwardedRequest Request) : GateDecision(Asked);

    /// <summary>The proxy answers it itself; nothing goes out.</summary>
    public sealed record Answer(CloudAction Asked, GateReply Reply, string Reason) : GateDecision(Asked);

    /// <summary>It is refused.</summary>
    /// <param name="Asked">What it asked for.</param>
    /// <param name="Reason">Why, in our own words: shown to people, and recorded.</param>
    /// <param name="Reply">What the run sees, in the form of the cloud's own errors; null for plain text.</param>
    public sealed record Refuse(CloudAction Asked, string Reason, GateReply? Reply = null) : GateDecision(Asked);
}

/// <summary>What a request asks of a cloud.</summary>
/// <param name="Service">Such as `ec2`; empty when it cannot be told.</param>
/// <param name="Region">Such as `us-east-1`; empty when the service has none.</param>
/// <param name="Action">Such as `DescribeVpcs`; empty when it cannot be told.</param>
/// <param name="Resource">What it is about, where the protocol tells: a stranger's text, cut.</param>
public sealed record CloudAction(string Service, string Region, string Action, string? Resource = null)
{
    /// <summary>Nothing can be told of it.</summary>
    public static CloudAction Unknown { get; } = new("", "", "");

    /// <summary>Service and action, as policies write them.</summary>
    public override string ToString() => $"{(Service.Length > 0 ? Service : "unknown")}:{(Action.Length > 0 ? Action : "unknown")}{(Region.Length > 0 ? " " + Region : "")}";
}

/// <summary>A request as it goes out: to the endpoint that the run asked for, with the real credential.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Target">Path and query, sent exactly so.</param>
/// <param name="Fields">Header fields, `Host` left out.</param>
/// <param name="Body">Its body; empty for none.</param>
public sealed record ForwardedRequest(string Method, string Target, IReadOnlyList<HttpField> Fields, ReadOnlyMemory<byte> Body)
{
    /// <summary>Rewrites a whole successful answer before the run sees it; null streams it through.</summary>
    public Func<byte[], byte[]>? Rewrite { get; init; }

    /// <summary>Whether a redirect is itself what the run wants to know: it is then handed back without its Location, else refused when it leads to another host.</summary>
    public bool KeepsRedirect { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Method} (forwarded request)";
}

/// <summary>An answer of our own.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Body">Its body.</param>
/// <param name="Fields">Further header fields.</param>
public sealed record GateReply(int Status, string ContentType, ReadOnlyMemory<byte> Body, IReadOnlyList<HttpField>? Fields = null);
