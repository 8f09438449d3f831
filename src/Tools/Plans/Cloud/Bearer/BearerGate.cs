using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Plans.Cloud.Aws;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Bearer;

/// <summary>
/// Lets a run read settings of a cloud whose requests carry a bearer: a request passes when it carries the run's own dummy, the table has it as a read, and it stays where the credential is
/// pinned to; it then goes out with the real bearer. Reads of secrets that a refresh cannot do without are answered from the state. Hosts of data, keys and queues are never reached.
/// </summary>
public sealed class BearerGate : ICloudGate
{
    private const int MostQuestion = 4 << 10;

    private readonly IBearerCloud cloud;
    private readonly Func<CancellationToken, ValueTask<Credential>> credential;
    private readonly RunSecrets secrets;
    private readonly Func<byte[], byte[]> clean;

    /// <param name="cloud">The cloud.</param>
    /// <param name="fields">Fields of its answers that may hold secrets.</param>
    /// <param name="credential">The real credential, renewed as it must be.</param>
    /// <param name="secrets">What must not come in, and the state's tokens.</param>
    internal BearerGate(IBearerCloud cloud, CleanedFields fields, Func<CancellationToken, ValueTask<Credential>> credential, RunSecrets secrets)
    {
        (this.cloud, this.credential, this.secrets) = (cloud, credential, secrets);
        clean = body => AwsCleaner.Clean(body, fields, secrets);
    }

    /// <summary>What the run's environment says of its identity: dummies all of them.</summary>
    public IReadOnlyDictionary<string, string> Environment => cloud.Environment;

    /// <inheritdoc/>
    public bool Governs(Endpoint endpoint) => cloud.Governs(endpoint);

    /// <inheritdoc/>
    public bool AllowsPlain(Endpoint endpoint) => cloud.AllowsPlain(endpoint);

    /// <inheritdoc/>
    public async ValueTask<GateDecision> DecideAsync(GateRequest request, CancellationToken stop)
    {
        try
        {
            return await cloud.IdentityAsync(request, stop) ?? await ReadAsync(request, cloud.Read(request), stop);
        }
        catch (CredentialException exception)
        {
            return Refused(CloudAction.Unknown, "no credential: " + Bearers.Ascii(exception.Message));
        }
    }

    private async ValueTask<GateDecision> ReadAsync(GateRequest request, BearerAsked asked, CancellationToken stop)
    {
        var unbelieved = cloud.Bearer is { } bearer ? bearer.Fault(request) : "no token was issued to the run yet";
        if ((unbelieved ?? (asked.Secret is null ? asked.Fault : null) ?? await cloud.ElsewhereAsync(request, asked, stop)) is { } fault)
        {
            return Refused(asked.Action, fault);
        }

        if (asked.Secret is { } secret)
        {
            return await secret.AnswerAsync(Ask, secrets, stop) is { } reply ? new GateDecision.Answer(asked.Action, reply, "with the state's tokens")
                : Refused(asked.Action, SecretRead.NotHeld);
        }

        var body = request.Method == "POST" ? await request.BodyAsync(stop) : [];
        return body.Length > MostQuestion ? Refused(asked.Action, "a question is shorter")
            : new GateDecision.Forward(asked.Action, await OutwardAsync(request, asked.Instead ?? request.Target, body, stop));

        async Task<GateReply> Ask(string target)
        {
            var answer = await request.Outside.AskAsync(asked.Action, request.Endpoint, request.IsSecure, await OutwardAsync(request, target, default, stop) with { Method = "GET" }, stop);
            return answer with { Body = clean(answer.Body.ToArray()), Fields = [] };
        }
    }

    private async ValueTask<ForwardedRequest> OutwardAsync(GateRequest request, string target, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        List<HttpField> fields = [.. request.Fields.Where(field => Bearers.Kept.Contains(field.Name)), new("Authorization", "Bearer " + (await credential(stop)).Reveal())];
        return new ForwardedRequest(request.Method, target, fields, body) { Rewrite = clean };
    }

    private GateDecision.Refuse Refused(CloudAction asked, string reason) => new(asked, reason, cloud.Denied(reason));
}
