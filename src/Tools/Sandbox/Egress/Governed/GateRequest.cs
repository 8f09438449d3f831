namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>One request of a run to a governed endpoint, read strictly: everything in it is a stranger's text.</summary>
/// <param name="endpoint">Where it goes; the request's own Host names the same.</param>
/// <param name="secure">Whether it came over TLS.</param>
/// <param name="method">In capitals.</param>
/// <param name="target">Path and query as sent, printable ASCII, starting with `/`.</param>
/// <param name="fields">Header fields in order, Latin-1, without the connection's own.</param>
/// <param name="body">Reads the body.</param>
/// <param name="outside">Sends requests of the gate's own.</param>
public sealed class GateRequest(
    Endpoint endpoint, bool secure, string method, string target, IReadOnlyList<HttpField> fields, Func<CancellationToken, Task<byte[]>> body, IOutside outside)
{
    private byte[]? read;

    /// <summary>Where it goes; the request's own Host names the same.</summary>
    public Endpoint Endpoint { get; } = endpoint;

    /// <summary>Sends requests of the gate's own.</summary>
    public IOutside Outside { get; } = outside;

    /// <summary>Whether it came over TLS.</summary>
    public bool IsSecure { get; } = secure;

    /// <summary>In capitals.</summary>
    public string Method { get; } = method;

    /// <summary>Path and query as sent, printable ASCII, starting with `/`.</summary>
    public string Target { get; } = target;

    /// <summary>Header fields in order, Latin-1, without the connection's own.</summary>
    public IReadOnlyList<HttpField> Fields { get; } = fields;

    /// <summary>The target's path as sent.</summary>
    public string Path => Target.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0 ? Target[..mark] : Target;

    /// <summary>The target's query as sent, without its `?`.</summary>
    public string Query => Target.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0 ? Target[(mark + 1)..] : "";

    /// <summary>The values of a field, in order.</summary>
    public IEnumerable<string> All(string name) => Fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value);

    /// <summary>The field's value when it stands there exactly once, else null.</summary>
    public string? One(string name) => All(name).Take(2).ToList() is [var only] ? only : null;

    /// <summary>The whole body; asks the run to continue when it waits for that. A gate that can refuse without it does so.</summary>
    /// <exception cref="GateRefusedException">It is larger than a read's may be.</exception>
    public async ValueTask<byte[]> BodyAsync(CancellationToken stop) => read ??= await body(stop);
}

/// <summary>Where a gate asks what it must know itself, by the same way and under the same checks as what it forwards.</summary>
public interface IOutside
{
    /// <summary>The whole answer. It is recorded as asked by the proxy itself.</summary>
    /// <exception cref="GateRefusedException">There is none, or it is too large.</exception>
    Task<GateReply> AskAsync(CloudAction asked, Endpoint endpoint, bool secure, ForwardedRequest request, CancellationToken stop);
}

/// <summary>One header field.</summary>
/// <param name="Name">As sent.</param>
/// <param name="Value">Trimmed, without control characters.</param>
public sealed record HttpField(string Name, string Value);

/// <summary>A request is refused in the middle of reading it; the message is our own words.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="reason">In our own words.</param>
public sealed class GateRefusedException(int status, string reason) : Exception(reason)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;
}
