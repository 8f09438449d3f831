using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>Keeps a run in its account: who the credential is was asked before anything is forwarded, and requests that name another account's resources or buckets go nowhere, for their owner could read what they carry.</summary>
/// <param name="use">What the credential is bound to.</param>
/// <param name="signer">Signs.</param>
/// <param name="secrets">Knows the state.</param>
internal sealed partial class AwsAccount(AwsUse use, AwsSigner signer, RunSecrets secrets)
{
    private readonly Lock gate = new();
    private Task<string>? id;
    private Task<HashSet<string>>? buckets;

    /// <summary>The credential's account, asked once.</summary>
    /// <exception cref="GateRefusedException">It cannot be told, or is not the one that the stack is bound to.</exception>
    public async ValueTask<string> IdAsync(GateRequest request, SigningScope scope, CancellationToken stop)
    {
        var id = await Once(ref this.id, () => AskAsync(request, scope)).WaitAsync(stop);
        return use.Account is null || use.Account == id ? id : throw new GateRefusedException(403, "the credential is for another account than the stack's settings name");
    }

    /// <summary>Why the request leads out of the account; null when it does not.</summary>
    public async ValueTask<string?> FaultAsync(GateRequest request, PresentedSignature signature, AwsAsked asked, byte[] body, CancellationToken stop)
    {
        var account = await IdAsync(request, signature.Scope, stop);
        var owners = signature.Scope.Service == "ec2" ? OwnersOfNames() : Owners();
        return AskedTexts.Of(request, signature, body) is not { } texts ? "the request's body cannot be read"
            : texts.SelectMany(text => owners.Matches(text)).Select(match => match.Groups.Values.Skip(1).First(group => group.Success).Value).Any(owner => owner != account && !secrets.Accounts.Contains(owner))
                ? "it names another account or a resource of it, which the state does not know"
            : asked.Bucket is { } bucket && !await HasAsync(bucket, request, signature.Scope, stop) ? "the bucket is none of the account's"
            : null;
    }

    private async ValueTask<bool> HasAsync(string bucket, GateRequest request, SigningScope scope, CancellationToken stop) =>
        (await Once(ref buckets, () => BucketsAsync(request, scope)).WaitAsync(stop)).Contains(bucket);

    // Asked by whoever comes first, for all; an answer that failed is asked again.
    private Task<T> Once<T>(ref Task<T>? known, Func<Task<T>> ask)
    {
        lock (gate)
        {
            return known is null || known.IsFaulted || known.IsCanceled ? known = ask() : known;
        }
    }

    private async Task<string> AskAsync(GateRequest request, SigningScope scope)
    {
        var signed = await signer.SignAsync(
            Service("sts", request, scope), request.IsSecure, "POST", "/", scope with { Service = "sts" }, [],
            [new("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")], "Action=GetCallerIdentity&Version=2011-06-15"u8.ToArray(), CancellationToken.None);
        var answer = await request.Outside.AskAsync(new CloudAction("sts", scope.Region, "GetCallerIdentity"), Service("sts", request, scope), request.IsSecure, signed, CancellationToken.None);
        return answer.Status == 200 && Elements(answer, "Account").FirstOrDefault() is { Length: 12 } account
            ? account
            : throw new GateRefusedException(502, "AWS did not say whose the credential is; nothing is asked with it until it does");
    }

    // Those of the state, which may be in other accounts, and all that the account has.
    private async Task<HashSet<string>> BucketsAsync(GateRequest request, SigningScope scope)
    {
        var found = secrets.All(type => type == "aws_s3_bucket", "bucket").ToHashSet(StringComparer.Ordinal);
        var endpoint = Service("s3", request, scope);
        for (var (page, marker) = (0, ""); page < 50 && marker is not null; page++)
        {
            KeyValuePair<string, string>[] query = [new("max-buckets", "1000"), .. marker.Length > 0 ? new[] { KeyValuePair.Create("continuation-token", marker) } : []];
            var signed = await signer.SignAsync(endpoint, request.IsSecure, "GET", "/", scope with { Service = "s3" }, query, [], [], CancellationToken.None);
            var answer = await request.Outside.AskAsync(new CloudAction("s3", scope.Region, "ListBuckets"), endpoint, request.IsSecure, signed, CancellationToken.None);
            found.UnionWith(answer.Status == 200 ? Elements(answer, "Name") : []);
            marker = answer.Status == 200 ? Elements(answer, "ContinuationToken").FirstOrDefault() : null;
        }

        return found;
    }

    private Endpoint Service(string service, GateRequest request, SigningScope scope)
    {
        var host = request.Endpoint.Host;
        return use.Endpoints.Contains(request.Endpoint) ? request.Endpoint
            : new Endpoint($"{service}.{scope.Region}.{(host.EndsWith(".cn", StringComparison.Ordinal) ? "amazonaws.com.cn" : host.EndsWith(".eu", StringComparison.Ordinal) ? "amazonaws.eu" : OwnSuffix().Match(host) is { Success: true } own ? own.Value : "amazonaws.com")}", 443);
    }

    private static IEnumerable<string> Elements(GateReply answer, string name)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(answer.Body.ToArray()), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return [.. XDocument.Load(reader).Descendants().Where(element => element.Name.LocalName == name).Select(element => element.Value)];
        }
        catch (XmlException)
        {
            return [];
        }
    }

    // An account wherever it stands for itself: alone, in an ARN whole or cut short, in the address of a queue, in a path. Not as the tail of a name, where dates and ids end in twelve digits too.
    [GeneratedRegex("(?:^|[:/,;\\s])([0-9]{12})(?=$|[:/,;\\s])", RegexOptions.CultureInvariant)]
    private static partial Regex Owners();

    // EC2 always answers for the caller's account: an account alone is there a filter, such as the owner of an image.
    [GeneratedRegex("arn:[A-Za-z-]+:[A-Za-z0-9-]*:[A-Za-z0-9-]*:([0-9]{12}):", RegexOptions.CultureInvariant)]
    private static partial Regex OwnersOfNames();

    [GeneratedRegex(@"(c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$", RegexOptions.CultureInvariant)]
    private static partial Regex OwnSuffix();
}
