using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Google;

/// <summary>
/// The token endpoint of one run, as metadata server, as token exchange of a workload identity pool, and as the issuer of service accounts' tokens: whichever the run asks gives it the run's
/// dummy bearer. No request for a token goes out, and an identity that code brings along (a key, another token) gets none.
/// </summary>
internal sealed class GoogleTokens(GoogleUse use)
{
    private const int Hour = 3599;
    private const string Grant = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const string Given = "the run's dummy identity got the run's dummy token";
    private static readonly CloudAction Token = new("sts", "", "token");
    private static readonly CloudAction Metadata = new("metadata", "", "get");
    private static readonly HttpField[] Flavor = [new("Metadata-Flavor", "Google")];

    /// <summary>The run's bearer.</summary>
    public RunBearer Bearer { get; } = new("ya29.mcp-infra-" + RunBearer.Random());

    /// <summary>The subject token that the run presents.</summary>
    public string Subject { get; } = "mcp-infra-" + RunBearer.Random();

    /// <summary>Answers the metadata server: tokens, who it is, and the project.</summary>
    public GateDecision Serve(GateRequest request)
    {
        var at = RequestPath.Read(request.Target)?.Segments;
        if (request.Method != "GET" || at is null || (request.One("Metadata-Flavor") != "Google" && at is not (["subject"] or [])))
        {
            return new GateDecision.Refuse(Metadata, "the metadata server is asked by GET, with its own header", new GateReply(403, "text/plain", "mcp-infra: the header Metadata-Flavor is missing\n"u8.ToArray()));
        }

        return at switch
        {
            [] => Text("computeMetadata/\n"),
            ["subject"] => Text(Subject),
            ["computeMetadata", "v1", "instance", "service-accounts", _, "token"] => Answer(Bearers.Json(200, new { access_token = Bearer.Token, expires_in = Hour, token_type = "Bearer" }), Given),
            ["computeMetadata", "v1", "instance", "service-accounts", _, "email"] => Text(use.ServiceAccount),
            ["computeMetadata", "v1", "instance", "service-accounts", _, "scopes"] => Text("https://www.googleapis.com/auth/cloud-platform\n"),
            ["computeMetadata", "v1", "instance", "service-accounts"] => Text("default/\n"),
            ["computeMetadata", "v1", "project", "project-id"] => Text(use.Project),
            ["computeMetadata", "v1", "universe", "universe-domain" or "universe_domain"] => Text("googleapis.com"),
            _ => new GateDecision.Refuse(Metadata, "the run's metadata server has tokens, its account and its project, and nothing else", new GateReply(404, "text/plain", "mcp-infra: there is nothing here\n"u8.ToArray(), Flavor)),
        };
    }

    /// <summary>Exchanges the run's subject token.</summary>
    public async ValueTask<GateDecision> ExchangeAsync(GateRequest request, CancellationToken stop)
    {
        if (request.Method != "POST" || request.Target != "/v1/token")
        {
            return Refused(Token, 403, "nothing but a token for the run's own identity is issued here");
        }

        var form = Bearers.Form(await request.BodyAsync(stop));
        return form is not null && form.GetValueOrDefault("grant_type") == Grant && form.GetValueOrDefault("subject_token") == Subject && !request.All("Authorization").Any()
            ? Answer(Bearers.Json(200, new { access_token = Bearer.Token, issued_token_type = "urn:ietf:params:oauth:token-type:access_token", token_type = "Bearer", expires_in = Hour }), Given, Token)
            : Refused(Token, 401, "the identity is not the run's own: keys, secrets and tokens that code brings along get nothing");
    }

    /// <summary>Answers the impersonation of any service account with the run's own bearer: what stands behind it is the stack's credential alone.</summary>
    public GateDecision Impersonate(GateRequest request, TimeProvider time)
    {
        var asked = new CloudAction("iamcredentials", "", "generateAccessToken");
        var at = RequestPath.Read(request.Target)?.Segments;
        return Bearer.Fault(request) is { } fault ? Refused(asked, 401, fault)
            : request.Method == "POST" && at is ["v1", "projects", "-", "serviceAccounts", var account] && account.EndsWith(":generateAccessToken", StringComparison.Ordinal)
                ? Answer(Bearers.Json(200, new { accessToken = Bearer.Token, expireTime = time.GetUtcNow().AddSeconds(Hour).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture) }), Given, asked)
            : Refused(asked with { Action = "" }, 403, "it would sign, or issue another kind of token");
    }

    private static GateDecision Text(string text) => Answer(new GateReply(200, "application/text", System.Text.Encoding.ASCII.GetBytes(text), Flavor), "answered without asking");

    private static GateDecision.Answer Answer(GateReply reply, string reason, CloudAction? asked = null) => new(asked ?? Metadata, asked is null ? reply with { Fields = Flavor } : reply, reason);

    private static GateDecision.Refuse Refused(CloudAction asked, int status, string reason) =>
        new(asked, reason, Bearers.Json(status, new { error = status == 401 ? "invalid_client" : "access_denied", error_description = "mcp-infra: " + reason }));
}
