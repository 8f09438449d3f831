using System.Collections.Concurrent;
using System.Web;
using Microsoft.AspNetCore.Http;

namespace McpInfra.TestKit;

/// <summary>AWS's wire formats on loopback: every listing is empty until a test says what an action answers.</summary>
public sealed class WireAws : IAsyncDisposable
{
    /// <summary>The account it says we are.</summary>
    public const string Account = "123456789012";

    private static readonly Dictionary<string, string> Empty = new(StringComparer.Ordinal)
    {
        ["GetCallerIdentity"] = Query("GetCallerIdentity", $"<Account>{Account}</Account><Arn>arn:aws:iam::{Account}:user/scan</Arn><UserId>AIDA</UserId>"),
        ["ListBuckets"] = "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>",
        ["encryption"] = "<ServerSideEncryptionConfiguration/>",
        ["versioning"] = "<VersioningConfiguration/>",
        ["publicAccessBlock"] = "<PublicAccessBlockConfiguration/>",
        ["policyStatus"] = "<PolicyStatus><IsPublic>false</IsPublic></PolicyStatus>",
        ["tagging"] = "<Tagging><TagSet/></Tagging>",
        ["GetAccountAuthorizationDetails"] = Query("GetAccountAuthorizationDetails", "<RoleDetailList/><Policies/>"),
        ["ListStacks"] = Query("ListStacks", "<StackSummaries/>"),
        ["ListStackResources"] = Query("ListStackResources", "<StackResourceSummaries/>"),
        ["ListKeys"] = """{"Keys":[]}""",
        ["ListAliases"] = """{"Aliases":[]}""",
        ["ListTables"] = """{"TableNames":[]}""",
        ["ListFunctions"] = """{"Functions":[]}""",
        ["DescribeParameters"] = """{"Parameters":[]}""",
        ["GetResources"] = """{"ResourceTagMappingList":[]}""",
        ["DescribeConfigurationRecorderStatus"] = """{"ConfigurationRecordersStatus":[]}""",
        ["ListAccounts"] = """{"Accounts":[]}""",
        ["SelectResourceConfig"] = """{"Results":[]}""",
        ["GetCostAndUsage"] = """{"ResultsByTime":[]}""",
        ["GetCostAndUsageWithResources"] = """{"ResultsByTime":[]}""",
        ["/findings"] = """{"Findings":[]}""",
    };

    private readonly LoopbackServer _server;
    private readonly ConcurrentDictionary<string, Func<Asked, WireAnswer>> _answers;

    private WireAws(LoopbackServer server, ConcurrentDictionary<string, Func<Asked, WireAnswer>> answers, ConcurrentQueue<Asked> requests)
    {
        _server = server;
        _answers = answers;
        Requests = requests;
    }

    /// <summary>Where it listens.</summary>
    public Uri Endpoint => _server.Endpoint;

    /// <summary>Every request so far.</summary>
    public ConcurrentQueue<Asked> Requests { get; }

    /// <summary>One with nothing in it.</summary>
    public static async Task<WireAws> StartAsync()
    {
        var answers = new ConcurrentDictionary<string, Func<Asked, WireAnswer>>(StringComparer.Ordinal);
        var requests = new ConcurrentQueue<Asked>();
        return new WireAws(await LoopbackServer.StartAsync(context => AnswerAsync(context, answers, requests)), answers, requests);
    }

    /// <summary>An answer of the Query protocol.</summary>
    public static string Query(string action, string result) =>
        $"<{action}Response xmlns=\"https://example.amazonaws.com/doc/\"><{action}Result>{result}</{action}Result></{action}Response>";

    /// <summary>From now on the action (an S3 sub-resource is one by its name) answers so.</summary>
    public WireAws On(string action, Func<Asked, WireAnswer> answer)
    {
        _answers[action] = answer;
        return this;
    }

    /// <inheritdoc cref="On(string, Func{Asked, WireAnswer})"/>
    public WireAws On(string action, string body, int status = 200) => On(action, _ => new WireAnswer(body, status));

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private static async Task AnswerAsync(
        HttpContext context, ConcurrentDictionary<string, Func<Asked, WireAnswer>> answers, ConcurrentQueue<Asked> requests)
    {
        using var reader = new StreamReader(context.Request.Body);
        var asked = new Asked(context, await reader.ReadToEndAsync(context.RequestAborted));
        requests.Enqueue(asked);
        var answer = answers.TryGetValue(asked.Action, out var told) ? told(asked) : new WireAnswer(Nothing(asked));
        if (answer.Hangs)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return;
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.Body.StartsWith('{') ? "application/x-amz-json-1.1" : "text/xml";
        foreach (var (name, value) in answer.Headers ?? [])
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(answer.Body, context.RequestAborted);
    }

    /// <summary>What an action answers that has nothing to list.</summary>
    public static string Nothing(string action, string? service = null) => Empty.GetValueOrDefault(action)
        ?? (service == "ec2" ? $"<{action}Response><requestId>1</requestId><nothingSet/></{action}Response>" : Query(action, $"<{action.Replace("Describe", "", StringComparison.Ordinal).Replace("List", "", StringComparison.Ordinal)}/>"));

    private static string Nothing(Asked asked) => asked.Form is null && !Empty.ContainsKey(asked.Action) ? "{}" : Nothing(asked.Action, asked.Service);

    /// <summary>A request as the wire brought it.</summary>
    public sealed class Asked
    {
        internal Asked(HttpContext context, string body)
        {
            Body = body;
            Authorization = context.Request.Headers.Authorization.ToString();
            Form = context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) == true ? HttpUtility.ParseQueryString(body) : null;
            Query = HttpUtility.ParseQueryString(context.Request.QueryString.Value ?? "");
            Path = context.Request.Path;
            Action = Form?["Action"]
                ?? (context.Request.Headers["X-Amz-Target"].ToString() is { Length: > 0 } target ? target[(target.LastIndexOf('.') + 1)..]
                    : Path.EndsWith("/functions/", StringComparison.Ordinal) ? "ListFunctions"
                    : Path == "/" ? "ListBuckets" : Query.Keys.Cast<string?>().FirstOrDefault() ?? Query[null] ?? Path);
        }

        /// <summary>The action, S3 sub-resource or path asked for.</summary>
        public string Action { get; }

        /// <summary>Path.</summary>
        public string Path { get; }

        /// <summary>Body.</summary>
        public string Body { get; }

        /// <summary>Authorization header.</summary>
        public string Authorization { get; }

        /// <summary>Region that the request was signed for.</summary>
        public string? Region => Scope(2);

        /// <summary>Service that the request was signed for.</summary>
        public string? Service => Scope(3);

        /// <summary>Parameters of a Query request; null for another.</summary>
        public System.Collections.Specialized.NameValueCollection? Form { get; }

        /// <summary>Query string.</summary>
        public System.Collections.Specialized.NameValueCollection Query { get; }

        private string? Scope(int part) => Authorization.Split("Credential=") is [_, var rest] && rest.Split(',')[0].Split('/') is { Length: 5 } scope ? scope[part] : null;
    }
}

/// <summary>What a wire answers.</summary>
/// <param name="Body">Body.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">Further headers.</param>
/// <param name="Hangs">Whether it never answers.</param>
public sealed record WireAnswer(string Body, int Status = 200, IReadOnlyList<(string Name, string Value)>? Headers = null, bool Hangs = false);
