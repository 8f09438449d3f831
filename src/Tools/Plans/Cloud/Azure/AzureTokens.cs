using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Azure;

/// <summary>
/// The token endpoint of one run, as managed identity and as workload identity: exchanges the run's dummy identity for the run's dummy bearer. No request for a token goes out,
/// and an identity that code brings along (a secret, a certificate, another assertion) gets none.
/// </summary>
internal sealed class AzureTokens(AzureUse use, Func<CancellationToken, ValueTask<Credential>> credential, TimeProvider time)
{
    private const int Day = 86_399;
    private static readonly CloudAction Token = new("Microsoft.Entra", "", "token");
    private static readonly CloudAction Discovery = new("Microsoft.Entra", "", "discovery");

    private readonly Lock making = new();
    private RunBearer? bearer;

    /// <summary>The assertion that the run presents.</summary>
    public string Assertion { get; } = Jwt(new JsonObject { ["iss"] = "https://mcp-infra.internal", ["sub"] = "plan", ["aud"] = "api://AzureADTokenExchange", ["jti"] = RunBearer.Random() });

    /// <summary>The header that the run presents to the managed identity's endpoint.</summary>
    public string IdentityHeader { get; } = RunBearer.Random();

    /// <summary>The run's bearer, once it was asked for; null before.</summary>
    public RunBearer? Bearer => Volatile.Read(ref bearer);

    /// <summary>Answers the managed identity's endpoint, in the form of the instance metadata service, of App Service, and of a pipeline that is asked for its token.</summary>
    public async ValueTask<GateDecision> ManagedAsync(GateRequest request, CancellationToken stop)
    {
        var path = RequestPath.Read(request.Target);
        if (request.Method == "GET" && path?.Segments is ["oidc", "token"])
        {
            // As a pipeline hands out its own token to whoever holds its request token.
            return request.One("Authorization") is { } held && held == "Bearer " + IdentityHeader
                ? new GateDecision.Answer(Token, Bearers.Json(200, new { value = Assertion, count = 1 }), "the run's dummy identity got the run's dummy assertion")
                : Refused(Token, 401, "invalid_request", "the run's own request token is missing");
        }

        var marked = request.One("Metadata") == "true" || request.One("X-IDENTITY-HEADER") == IdentityHeader || request.One("x-ms-identity") == IdentityHeader;
        if (request.Method != "GET" || path is null || !marked)
        {
            return Refused(Token, 400, "invalid_request", "the managed identity is asked by GET, with its own header");
        }

        var resource = path.Query.FirstOrDefault(pair => pair.Name == "resource").Value ?? "";
        var made = await MakeAsync(stop);
        var until = time.GetUtcNow().ToUnixTimeSeconds() + Day;
        return new GateDecision.Answer(Token, Bearers.Json(200, new Dictionary<string, string>
        {
            ["access_token"] = made.Token, ["client_id"] = use.ClientId, ["expires_in"] = Text(Day), ["expires_on"] = Text(until), ["ext_expires_in"] = Text(Day),
            ["not_before"] = Text(until - Day), ["resource"] = resource, ["token_type"] = "Bearer",
        }), "the run's dummy identity got the run's dummy token");
    }

    /// <summary>Answers the login hosts: discovery, and tokens for the run's own assertion.</summary>
    public async ValueTask<GateDecision> LoginAsync(GateRequest request, CancellationToken stop)
    {
        var at = RequestPath.Read(request.Target)?.Segments ?? [];
        return (request.Method, at) switch
        {
            ("GET", ["common" or "organizations", "discovery", "instance"]) => new GateDecision.Answer(Discovery, Bearers.Json(200, Instance(request.Endpoint.Host)), "answered without asking"),
            ("GET", [var tenant, .., ".well-known", "openid-configuration"]) when Ours(tenant) => new GateDecision.Answer(Discovery, Bearers.Json(200, OpenId(request.Endpoint.Host, tenant)), "answered without asking"),
            ("POST", [var tenant, "oauth2", .., "token"]) when at.Count == 3 || at is [_, _, "v2.0", _] => Ours(tenant)
                ? await ExchangeAsync(request, stop)
                : Refused(Token, 400, "invalid_request", "it is of another tenant than the credential's"),
            _ => Refused(CloudAction.Unknown with { Service = "Microsoft.Entra" }, 403, "access_denied", "nothing but a token for the run's own identity is issued here"),
        };
    }

    private async ValueTask<GateDecision> ExchangeAsync(GateRequest request, CancellationToken stop)
    {
        var form = Bearers.Form(await request.BodyAsync(stop));
        if (form is null || form.GetValueOrDefault("grant_type") != "client_credentials" || form.ContainsKey("client_secret") || request.All("Authorization").Any() || form.GetValueOrDefault("client_assertion") != Assertion)
        {
            return Refused(Token, 401, "invalid_client", "the identity is not the run's own: keys, secrets and tokens that code brings along get nothing");
        }

        return new GateDecision.Answer(Token, Bearers.Json(200, new Dictionary<string, object> { ["token_type"] = "Bearer", ["expires_in"] = Day, ["ext_expires_in"] = Day, ["access_token"] = (await MakeAsync(stop)).Token }), "the run's dummy identity got the run's dummy token");
    }

    // A provider looks into its token for who it is: ids of the real identity, which are no secret, and a signature that is none.
    private async ValueTask<RunBearer> MakeAsync(CancellationToken stop)
    {
        if (Bearer is { } made)
        {
            return made;
        }

        var real = Claims((await credential(stop)).Reveal());
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject { ["iss"] = $"https://sts.windows.net/{use.Tenant}/", ["iat"] = now, ["nbf"] = now, ["exp"] = now + Day, ["jti"] = RunBearer.Random(), ["ver"] = "1.0" };
        foreach (var (name, fallback) in new[] { ("tid", use.Tenant), ("oid", use.ClientId), ("appid", use.ClientId), ("sub", use.ClientId) })
        {
            claims[name] = Text(real, name) ?? fallback;
        }

        lock (making)
        {
            return bearer ??= new RunBearer(Jwt(claims));
        }
    }

    private bool Ours(string tenant) => tenant.Equals(use.Tenant, StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, object> Instance(string host) => new()
    {
        ["tenant_discovery_endpoint"] = $"https://{host}/common/v2.0/.well-known/openid-configuration",
        ["api-version"] = "1.1",
        ["metadata"] = new[] { new { preferred_network = host, preferred_cache = host, aliases = new[] { host } } },
    };

    private static Dictionary<string, object> OpenId(string host, string tenant) => new()
    {
        ["token_endpoint"] = $"https://{host}/{tenant}/oauth2/v2.0/token",
        ["authorization_endpoint"] = $"https://{host}/{tenant}/oauth2/v2.0/authorize",
        ["issuer"] = $"https://{host}/{tenant}/v2.0",
        ["token_endpoint_auth_methods_supported"] = new[] { "private_key_jwt" },
    };

    private static GateDecision.Refuse Refused(CloudAction asked, int status, string error, string reason) =>
        new(asked, reason, Bearers.Json(status, new Dictionary<string, string> { ["error"] = error, ["error_description"] = "mcp-infra: " + reason }));

    private static JsonObject? Claims(string token)
    {
        try
        {
            return token.Split('.') is [_, var payload, _] && System.Buffers.Text.Base64Url.IsValid(payload) ? JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(payload)) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonObject? claims, string name) => claims?[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length <= 100 ? text : null;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Jwt(JsonObject claims) =>
        $"{Encode("""{"typ":"JWT","alg":"RS256","kid":"mcp-infra"}""")}.{Encode(claims.ToJsonString())}.{RunBearer.Random()}";

    private static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
