using System.Globalization;
using System.Text;

namespace McpInfra.Tools.Sandbox.Egress;

/// <summary>One connection of a run to a governed endpoint: HTTP/1.1, request after request, each decided by the gate and recorded.</summary>
internal sealed class GovernedConnection(ICloudGate gate, Endpoint endpoint, bool secure, Upstream upstream, EgressLog log, EgressLimits limits) : IOutside
{
    private const int MostBody = 1 << 20;
    private const int MostDrained = 1 << 20;
    private const string Http2 = "HTTP/2 is not spoken here; the connection offers HTTP/1.1 only";

    /// <summary>Serves until the run leaves, is idle for too long, or sends what is no request.</summary>
    public async Task ServeAsync(Stream near, CancellationToken stop)
    {
        var reader = new BufferedReader(near);
        while (await ReadHeadAsync(reader, stop) is { } text)
        {
            if (HttpHead.Parse(text) is not { } head || Fault(head) is { } fault)
            {
                var http2 = text.StartsWith("PRI * HTTP/2", StringComparison.Ordinal);
                var reason = http2 ? Http2 : HttpHead.Parse(text) is { } odd ? Fault(odd)! : "the request cannot be read";
                await RefuseAsync(new AnswerWriter(near, "GET", keep: false), CloudAction.Unknown, http2 ? 505 : 400, reason, stop);
                return;
            }

            if (!await ServeAsync(reader, near, head, stop))
            {
                return;
            }
        }
    }

    /// <summary>Serves one request whose head was read; false when the connection cannot go on.</summary>
    public async Task<bool> ServeAsync(BufferedReader reader, Stream near, HttpHead head, CancellationToken stop, bool keep = true)
    {
        if (Fault(head) is { } fault)
        {
            await RefuseAsync(new AnswerWriter(near, head.Method, keep: false), CloudAction.Unknown, 400, fault, stop);
            return false;
        }

        var body = new RequestBody(reader, near, head, MostBody);
        var request = new GateRequest(
            endpoint, secure, head.Method, head.Target, [.. head.Fields.Where(field => !HttpHead.IsOfConnection(field.Name))], body.ReadAsync, this);
        var decision = await DecideAsync(request, stop);
        keep &= await body.FinishAsync(MostDrained, stop) && !head.All("Connection").Any(value => value.Contains("close", StringComparison.OrdinalIgnoreCase));
        var answer = new AnswerWriter(near, head.Method, keep);
        switch (decision)
        {
            case GateDecision.Forward forward:
                await ForwardAsync(forward, answer, stop);
                break;
            case GateDecision.Answer made:
                await log.TellAndAddAsync(new EgressRecord(endpoint.ToString(), true, "", 0, 0) { Asked = made.Asked, Answered = true });
                await answer.WriteAsync(made.Reply, stop);
                break;
            case GateDecision.Refuse refused:
                await log.TellAndAddAsync(new EgressRecord(endpoint.ToString(), false, refused.Reason, 0, 0) { Asked = refused.Asked });
                await answer.WriteAsync(refused.Reply ?? AnswerWriter.Text(403, refused.Reason), stop);
                break;
        }

        return keep;
    }

    /// <inheritdoc/>
    public async Task<GateReply> AskAsync(CloudAction asked, Endpoint endpoint, bool secure, ForwardedRequest request, CancellationToken stop)
    {
        await log.TellAndAddAsync(new EgressRecord(endpoint.ToString(), true, "", request.Target.Length + request.Body.Length, 0) { Asked = asked with { Resource = "asked by the proxy itself" } });
        return await upstream.AskAsync(endpoint, secure, request, stop);
    }

    private async Task<GateDecision> DecideAsync(GateRequest request, CancellationToken stop)
    {
        try
        {
            return await gate.DecideAsync(request, stop);
        }
        catch (GateRefusedException refused)
        {
            return new GateDecision.Refuse(CloudAction.Unknown, refused.Message, AnswerWriter.Text(refused.Status, refused.Message));
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or IOException or InvalidDataException))
        {
            const string reason = "the gate failed on this request";
            return new GateDecision.Refuse(CloudAction.Unknown, reason, AnswerWriter.Text(502, reason));
        }
    }

    private async Task ForwardAsync(GateDecision.Forward forward, AnswerWriter near, CancellationToken stop)
    {
        await log.TellAsync(new EgressRecord(endpoint.ToString(), true, "", 0, 0) { Asked = forward.Asked });

        // Until something else is known of it, it went out.
        var (request, reason, received) = (forward.Request, "", 0L);
        try
        {
            using var answer = await SendAsync(request, stop);
            if (LeadsAway(answer) && !request.KeepsRedirect)
            {
                reason = "the endpoint answered with a redirect to another host, which is not followed";
            }
            else if (await near.WriteAsync(answer, request.Rewrite, Location(answer), stop) is { } length)
            {
                received = length;
            }
            else
            {
                reason = "its answer is too large, or in a form that cannot be cleaned of secrets";
            }
        }
        catch (GateRefusedException refused)
        {
            reason = refused.Message;
        }
        finally
        {
            log.Add(new EgressRecord(endpoint.ToString(), reason.Length == 0, reason, request.Target.Length + request.Body.Length, received) { Asked = forward.Asked });
        }

        if (reason.Length > 0)
        {
            await near.WriteAsync(AnswerWriter.Text(502, reason), stop);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(ForwardedRequest request, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(limits.Answer);
        try
        {
            return await upstream.SendAsync(endpoint, secure, request, deadline.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !stop.IsCancellationRequested))
        {
            throw new GateRefusedException(502, Why(exception));
        }
    }

    private async Task RefuseAsync(AnswerWriter near, CloudAction asked, int status, string reason, CancellationToken stop)
    {
        await log.TellAndAddAsync(new EgressRecord(endpoint.ToString(), false, reason, 0, 0) { Asked = asked == CloudAction.Unknown ? null : asked });
        await near.WriteAsync(AnswerWriter.Text(status, reason), stop);
    }

    private async Task<string?> ReadHeadAsync(BufferedReader reader, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(limits.Idle);
        return await HttpHead.ReadAsync(reader, deadline.Token);
    }

    private string? Fault(HttpHead head) =>
        head.Version != "HTTP/1.1" ? "only HTTP/1.1 is spoken here"
        : !head.Target.StartsWith('/') || head.Target.Any(letter => letter is <= ' ' or > '~' or '#' or '\\') ? "the request's target is not a path"
        : head.Form(out _) is null ? "the length of the request's body could be read in two ways"
        : head.All("Host") is not [var host] || !IsOurs(host) ? "the request's Host is not the endpoint that the connection was opened to"
        : head.All("Upgrade").Count > 0 ? "a governed connection cannot become another protocol"
        : head.All("Expect") is { Count: > 0 } expects && (expects.Count > 1 || !expects[0].Equals("100-continue", StringComparison.OrdinalIgnoreCase)) ? "only 100-continue may be expected"
        : null;

    private bool IsOurs(string host) =>
        Endpoint.TryParse(host, out var named) ? named == endpoint : Endpoint.TryParse($"{host}:{(secure ? 443 : 80)}", out named) && named == endpoint;

    private string? Location(HttpResponseMessage answer) => answer.Headers.Location is { } location && !LeadsAway(answer) ? location.OriginalString : null;

    private bool LeadsAway(HttpResponseMessage answer) =>
        (int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Location is { } location && location.IsAbsoluteUri
        && !(location.Host.Equals(endpoint.Host, StringComparison.OrdinalIgnoreCase) && location.Port == endpoint.Port && location.Scheme == (secure ? "https" : "http"));

    private static string Why(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "its certificate or TLS is not to be trusted",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name does not resolve",
        HttpRequestException { InnerException: EgressRefusedException inner } => inner.Message,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "it does not answer",
        OperationCanceledException => string.Create(CultureInfo.InvariantCulture, $"it did not begin to answer in time"),
        _ => "its answer broke off or is no HTTP/1.1",
    };
}

/// <summary>An endpoint may not be connected to; the message is our own words.</summary>
internal sealed class EgressRefusedException(string reason, Exception? inner = null) : IOException(reason, inner);
