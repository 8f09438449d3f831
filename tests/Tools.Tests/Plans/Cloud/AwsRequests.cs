using System.Collections.Concurrent;
using System.Text;
using McpInfra.Guardrails.Redaction;
using McpInfra.Tools.Plans.Cloud;
using McpInfra.Tools.Plans.Cloud.Aws;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Tests.Plans.Cloud;

/// <summary>A run's side of AWS: requests signed with its dummy key, a gate that decides them, and an AWS that answers what the gate itself asks.</summary>
internal sealed class AwsRequests : IOutside
{
    public const string Account = "123456789012";

    public static readonly AwsKeys Dummy = new("AKIADUMMYDUMMYDUMMY0", "dummy/secret", "dummy-token");
    public static readonly AwsKeys Real = new("AKIAREALREALREALREAL", "real/secret", "real-token");
    public static readonly SecretTokens Tokens = new(new byte[32]);

    private readonly Clock clock = new();

    public AwsRequests(string? account = null, string? state = null, Func<AwsKeys>? credential = null, params IReadOnlyList<Endpoint> bound)
    {
        State = state is null ? SanitizedState.Empty : StateSanitizer.Sanitize(StackState.Parse(Encoding.UTF8.GetBytes(state)), Tokens);
        Gate = new AwsGate(Dummy, new AwsUse(account, bound), (_, _) => new(credential?.Invoke() ?? Real), new RunSecrets(Tokens, State), clock);
    }

    public SanitizedState State { get; }

    public AwsGate Gate { get; }

    /// <summary>What the gate asked of its own.</summary>
    public ConcurrentQueue<ForwardedRequest> Own { get; } = new();

    /// <summary>What AWS answers to the gate, by a word of the request; identity and buckets are there.</summary>
    public Dictionary<string, GateReply> Answers { get; } = new()
    {
        ["GetCallerIdentity"] = Xml($"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>{Account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"),
        ["max-buckets"] = Xml("<ListAllMyBucketsResult><Buckets><Bucket><Name>ours</Name></Bucket></Buckets></ListAllMyBucketsResult>"),
    };

    public static GateReply Xml(string text) => new(200, "text/xml", Encoding.UTF8.GetBytes(text));

    public static GateReply Json(string text) => new(200, "application/x-amz-json-1.1", Encoding.UTF8.GetBytes(text));

    public Task<GateDecision> QueryAsync(string service, string host, string form, string region = "us-east-1") =>
        AskAsync(service, host, "POST", "/", form, region, null, ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"));

    public Task<GateDecision> JsonAsync(string service, string host, string target, string body = "{}", string region = "us-east-1") =>
        AskAsync(service, host, "POST", "/", body, region, null, ("Content-Type", "application/x-amz-json-1.1"), ("X-Amz-Target", target));

    public async Task<GateDecision> AskAsync(
        string service, string host, string method, string target, string body = "", string region = "us-east-1", AwsKeys? keys = null, params IReadOnlyList<(string Name, string Value)> fields) =>
        await Gate.DecideAsync(Signed(service, host, method, target, body, region, keys ?? Dummy, clock.GetUtcNow(), fields), CancellationToken.None);

    /// <summary>A request as the run signs it.</summary>
    public GateRequest Signed(string service, string host, string method, string target, string body, string region, AwsKeys keys, DateTimeOffset at, params IReadOnlyList<(string Name, string Value)> fields)
    {
        var bytes = Encoding.Latin1.GetBytes(body);
        var time = SignatureV4.Time(at);
        var scope = new SigningScope(time[..8], region, service);
        List<HttpField> all = [new("Host", host), new("X-Amz-Date", time), .. fields.Select(field => new HttpField(field.Name, field.Value))];
        if (keys.Token is { } token)
        {
            all.Add(new("X-Amz-Security-Token", token));
        }

        var names = all.Select(field => field.Name.ToLowerInvariant()).Distinct().Order(StringComparer.Ordinal).ToList();
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var query = PercentText.Pairs(mark < 0 ? "" : target[(mark + 1)..], form: false)!;
        var declared = all.FirstOrDefault(field => field.Name == "X-Amz-Content-Sha256")?.Value ?? SignatureV4.HashOf(bytes);
        var signature = SignatureV4.Of(SignatureV4.Canonical(service, method, mark < 0 ? target : target[..mark], query, names, all, declared), scope, time, keys.Secret);
        all.Add(new("Authorization", $"AWS4-HMAC-SHA256 Credential={keys.Id}/{scope}, SignedHeaders={string.Join(';', names)}, Signature={signature}"));
        return Request(host, method, target, all, bytes);
    }

    public GateRequest Request(string host, string method, string target, IReadOnlyList<HttpField> fields, byte[] body) =>
        new(Endpoint.TryParse(host, out var endpoint) || Endpoint.TryParse(host + ":443", out endpoint) ? endpoint : throw new ArgumentException(host), true, method, target, fields, _ => Task.FromResult(body), this);

    public Task<GateReply> AskAsync(CloudAction asked, Endpoint endpoint, bool secure, ForwardedRequest request, CancellationToken stop)
    {
        Own.Enqueue(request);
        var text = request.Target + " " + Encoding.UTF8.GetString(request.Body.Span) + string.Join(' ', request.Fields.Select(field => field.Value));
        return Task.FromResult(Answers.First(answer => text.Contains(answer.Key, StringComparison.Ordinal)).Value);
    }

    internal sealed class Clock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 22, 19, 0, 0, TimeSpan.Zero);
    }
}
