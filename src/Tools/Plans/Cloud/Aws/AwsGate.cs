using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>
/// Lets a run ask AWS for reviewed reads: a request passes when the run's own dummy key signed it, the table has its action as a read that hands out no secret, and it stays in the account;
/// it then goes out signed anew with the real credential. Reads of secrets that a refresh cannot do without are answered with the state's tokens.
/// </summary>
public sealed class AwsGate : ICloudGate
{
    private const int Secure = 443;

    private readonly HashSet<Endpoint> bound;
    private readonly SignatureCheck check;
    private readonly AwsSigner signer;
    private readonly AwsAccount account;
    private readonly AwsSecretAnswers answers;
    private readonly RunSecrets secrets;

    /// <param name="keys">The run's dummy key.</param>
    /// <param name="use">What the credential is bound to.</param>
    /// <param name="credential">The real credential for requests to a service, renewed as it must be.</param>
    /// <param name="secrets">What must not come in.</param>
    /// <param name="time">The clock.</param>
    public AwsGate(AwsKeys keys, AwsUse use, Func<string, CancellationToken, ValueTask<AwsKeys>> credential, RunSecrets secrets, TimeProvider time)
    {
        bound = [.. use.Endpoints];
        check = new SignatureCheck(keys, time);
        signer = new AwsSigner(credential, time);
        account = new AwsAccount(use, signer, secrets);
        answers = new AwsSecretAnswers(keys, secrets, signer, account, time);
        this.secrets = secrets;
    }

    /// <inheritdoc/>
    public bool Governs(Endpoint endpoint) => bound.Contains(endpoint) || (endpoint.Port == Secure && AwsHosts.Contains(endpoint));

    /// <inheritdoc/>
    public bool AllowsPlain(Endpoint endpoint) => bound.Contains(endpoint);

    /// <inheritdoc/>
    public async ValueTask<GateDecision> DecideAsync(GateRequest request, CancellationToken stop)
    {
        var (signature, fault) = PresentedSignature.Of(request);
        if (signature is null)
        {
            return Refused(new CloudAction("", "", ""), request, fault);
        }

        var scope = new CloudAction(signature.Scope.Service, signature.Scope.Region, "");
        if (check.Fault(signature) is { } unbelieved)
        {
            return Refused(scope with { Service = "" }, request, unbelieved);
        }

        // What its head alone refuses is refused before its body is asked for.
        if (request.Method is not ("GET" or "HEAD" or "POST"))
        {
            var (named, _) = AwsAsked.Of(AwsActions.Shipped, request, signature, [], bound.Contains(request.Endpoint));
            return Refused(named?.Action ?? scope, request, "the action is not a reviewed read");
        }

        if (await check.BodyAsync(request, signature, stop) is not { } body)
        {
            return Refused(scope, request, "the request's signature is wrong");
        }

        var (asked, unknown) = AwsAsked.Of(AwsActions.Shipped, request, signature, body, bound.Contains(request.Endpoint));
        return asked is null ? Refused(scope, request, unknown) : await DecideAsync(request, signature, asked, body, stop);
    }

    private async ValueTask<GateDecision> DecideAsync(GateRequest request, PresentedSignature signature, AwsAsked asked, byte[] body, CancellationToken stop)
    {
        try
        {
            if (await answers.TryAsync(request, signature, asked, body, stop) is { } answered)
            {
                return answered;
            }

            if (asked.Verdict is not AwsVerdict.Passes)
            {
                return Refused(asked, asked.Verdict is AwsVerdict.ReadsSecrets ? "the action hands out secrets, tokens or data" : "the action is not a reviewed read");
            }

            if (await account.FaultAsync(request, signature, asked, body, stop) is { } elsewhere)
            {
                return Refused(asked, elsewhere);
            }

            var forwarded = await signer.SignAsync(request, signature.Scope, signature.Query, body, stop);
            return new GateDecision.Forward(asked.Action, forwarded with
            {
                KeepsRedirect = signature.Scope.Service == "s3",
                Rewrite = AwsCleaner.For(AwsActions.Shipped.Cleaned(asked.Action.Service, asked.Action.Action), secrets),
            });
        }
        catch (CredentialException exception)
        {
            return Refused(asked, "no credential: " + Ascii(exception.Message));
        }
    }

    private static GateDecision.Refuse Refused(AwsAsked asked, string reason) => new(asked.Action, reason, AwsErrors.Denied(asked.Form, reason));

    private static GateDecision.Refuse Refused(CloudAction asked, GateRequest request, string reason) => new(asked, reason, AwsErrors.Denied(AwsErrors.Guess(request, asked.Service), reason));

    private static string Ascii(string text) => new([.. text.Where(letter => letter is >= ' ' and <= '~' and not ('<' or '&')).Take(300)]);
}

/// <summary>What a credential for AWS is bound to.</summary>
/// <param name="Account">The one account; null for whichever the credential has.</param>
/// <param name="Endpoints">Emulators and private endpoints that belong to it.</param>
public sealed record AwsUse(string? Account, IReadOnlyList<Endpoint> Endpoints);
