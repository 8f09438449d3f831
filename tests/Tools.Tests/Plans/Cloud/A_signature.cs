using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CsCheck;
using McpInfra.TestKit;
using McpInfra.Tools.Plans.Cloud.Aws;
using McpInfra.Tools.Sandbox.Egress;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.Cloud;

/// <summary>Signature Version 4, against AWS's published vectors and against botocore.</summary>
public sealed class A_signature
{
    // botocore signs what arrives on standard input, and says what it would send.
    private const string Botocore = """
        import sys, json, datetime
        import botocore.auth as auth, botocore.awsrequest as r, botocore.credentials as c
        if hasattr(auth, 'get_current_datetime'):
            auth.get_current_datetime = lambda remove_tzinfo=True: datetime.datetime(2026, 11, 22, 19, 0, 0)
        class Fixed(datetime.datetime):
            @classmethod
            def utcnow(cls): return cls(2026, 11, 22, 19, 0, 0)
            @classmethod
            def now(cls, tz=None): return cls(2026, 11, 22, 19, 0, 0, tzinfo=tz)
        auth.datetime = type('m', (), {'datetime': Fixed, 'timezone': datetime.timezone, 'UTC': datetime.timezone.utc})
        out = []
        for one in json.load(sys.stdin):
            request = r.AWSRequest(method=one['method'], url=one['url'], data=one['body'].encode(), headers=dict(one['headers']))
            keys = c.Credentials(one['id'], one['secret'], one['token'])
            kind = {'header': auth.SigV4Auth, 's3': auth.S3SigV4Auth, 'query': auth.SigV4QueryAuth, 's3query': auth.S3SigV4QueryAuth}[one['kind']]
            kind(keys, one['service'], one['region']).add_auth(request)
            p = request.prepare()
            out.append({'url': p.url, 'headers': [[k, v] for k, v in p.headers.items()]})
        print(json.dumps(out))
        """;

    [Fact]
    public void Is_that_of_the_published_vector()
    {
        var scope = new SigningScope("20150830", "us-east-1", "service");
        List<HttpField> fields = [new("Host", "example.amazonaws.com"), new("X-Amz-Date", "20150830T123600Z")];
        var canonical = SignatureV4.Canonical("service", "GET", "/", [], ["host", "x-amz-date"], fields, SignatureV4.EmptyHash);
        Assert.Equal("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", SignatureV4.Of(canonical, scope, "20150830T123600Z", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"));
    }

    [Fact]
    public void Of_each_chunk_is_that_of_the_published_example()
    {
        const string secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        const string time = "20130524T000000Z";
        var scope = new SigningScope("20130524", "us-east-1", "s3");
        List<HttpField> fields =
        [
            new("Host", "s3.amazonaws.com"), new("Content-Encoding", "aws-chunked"), new("Content-Length", "66824"), new("X-Amz-Date", time), new("X-Amz-Storage-Class", "REDUCED_REDUNDANCY"),
            new("X-Amz-Decoded-Content-Length", "66560"), new("X-Amz-Content-Sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
        ];
        var names = fields.Select(field => field.Name.ToLowerInvariant()).Order(StringComparer.Ordinal).ToList();
        var seed = SignatureV4.Of(SignatureV4.Canonical("s3", "PUT", "/examplebucket/chunkObject.txt", [], names, fields, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), scope, time, secret);
        Assert.Equal("4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9", seed);

        var body = Encoding.ASCII.GetBytes(
            $"10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n{new string('a', 65536)}\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n{new string('a', 1024)}\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n");
        var presented = new PresentedSignature("AKIAIOSFODNN7EXAMPLE", scope, names, seed, time, default, null, null, [], []);
        Assert.Equal(66560, AwsChunks.Read(body, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", presented, secret)!.Length);
        body[100] = (byte)'b';
        Assert.Null(AwsChunks.Read(body, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", presented, secret));
    }

    [Fact]
    public void Is_not_wanted_of_chunks_whose_trailer_says_so()
    {
        var presented = new PresentedSignature("a", new("20130524", "us-east-1", "s3"), [], new string('0', 64), "20130524T000000Z", default, null, null, [], []);
        var body = "3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n"u8.ToArray();
        Assert.Equal("abc"u8.ToArray(), AwsChunks.Read(body, "STREAMING-UNSIGNED-PAYLOAD-TRAILER", presented, "s"));
        Assert.Null(AwsChunks.Read(body, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", presented, "s"));
        Assert.Null(AwsChunks.Read([.. body, (byte)'x'], "STREAMING-UNSIGNED-PAYLOAD-TRAILER", presented, "s"));
    }

    [Fact]
    public async Task Of_botocore_is_believed_in_every_form_and_not_when_one_letter_of_it_is_changed()
    {
        var aws = new AwsRequests();
        (string Kind, string Service, string Method, string Url, string Body)[] requests =
        [
            ("header", "ec2", "POST", "https://ec2.us-east-1.amazonaws.com/", "Action=DescribeVpcs&Version=2016-11-15"),
            ("header", "lambda", "GET", "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aa/configuration?Qualifier=%24LATEST", ""),
            ("header", "iam", "GET", "https://iam.amazonaws.com/?Action=GetRole&RoleName=a%20b%2Bc~%2A&Version=2010-05-08", ""),
            ("s3", "s3", "GET", "https://ours.s3.us-east-1.amazonaws.com/?list-type=2&prefix=a%2Fb%20c%2B%C3%BC&delimiter=%2F", ""),
            ("s3", "s3", "HEAD", "https://s3.us-east-1.amazonaws.com/ours/a%20b/c%2Bd/%C3%BC~", ""),
            ("s3", "s3", "GET", "https://s3.us-east-1.amazonaws.com/ours?versioning", ""),
            ("query", "sts", "GET", "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15", ""),
            ("s3query", "s3", "HEAD", "https://s3.us-east-1.amazonaws.com/ours/a%20b", ""),
        ];
        foreach (var ((_, service, method, _, body), prepared) in requests.Zip(await SignAsync(requests)))
        {
            var uri = new Uri(prepared.Url);
            var target = prepared.Url[(prepared.Url.IndexOf('/', 8))..];
            List<HttpField> fields = [new("Host", uri.Host), .. prepared.Fields];
            var decision = await aws.Gate.DecideAsync(aws.Request(uri.Host, method, target, fields, Encoding.UTF8.GetBytes(body)), CancellationToken.None);
            Assert.True(decision is GateDecision.Forward, $"{service} {target}: {(decision as GateDecision.Refuse)?.Reason}");
            var wrong = target.Contains("X-Amz-Signature=", StringComparison.Ordinal)
                ? aws.Request(uri.Host, method, target[..^1] + (target[^1] == '0' ? '1' : '0'), fields, Encoding.UTF8.GetBytes(body))
                : aws.Request(uri.Host, method, target, [.. fields.Select(field => field.Name == "Authorization" ? field with { Value = field.Value[..^1] + (field.Value[^1] == '0' ? '1' : '0') } : field)], Encoding.UTF8.GetBytes(body));
            Assert.IsType<GateDecision.Refuse>(await aws.Gate.DecideAsync(wrong, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Of_ours_is_what_botocore_would_have_made()
    {
        var aws = new AwsRequests();
        var forward = Assert.IsType<GateDecision.Forward>(await aws.AskAsync("s3", "ours.s3.us-east-1.amazonaws.com", "GET", "/?prefix=a%2Fb%20c&list-type=2"));
        var signed = await SignAsync([("s3", "s3", "GET", "https://ours.s3.us-east-1.amazonaws.com" + forward.Request.Target, "")], AwsRequests.Real);
        Assert.Equal(signed[0].Fields.Single(field => field.Name == "Authorization").Value, forward.Request.Fields.Single(field => field.Name == "Authorization").Value);
    }

    [Fact]
    public void Is_read_from_any_text_without_breaking()
    {
        var aws = new AwsRequests();
        Gen.Select(Gen.String[Gen.Char[' ', '~'], 0, 200], Gen.String[Gen.Char[' ', '~'], 0, 120]).Sample((authorization, query) =>
        {
            var target = "/?" + query.Replace("#", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
            var (read, fault) = PresentedSignature.Of(aws.Request("s3.us-east-1.amazonaws.com", "GET", target, [new("Host", "s3.us-east-1.amazonaws.com"), new("Authorization", "AWS4-HMAC-SHA256 " + authorization)], []));
            return read is null && fault.Length > 0;
        });
    }

    [Fact]
    public void In_chunks_is_read_from_any_bytes_without_breaking()
    {
        var presented = new PresentedSignature("a", new("20130524", "us-east-1", "s3"), [], new string('0', 64), "20130524T000000Z", default, null, null, [], []);
        Gen.Byte.Array[0, 300].Sample(body => AwsChunks.Read(body, "STREAMING-UNSIGNED-PAYLOAD-TRAILER", presented, "s") is null or { Length: < 300 });
    }

    private static async Task<IReadOnlyList<(string Url, IReadOnlyList<HttpField> Fields)>> SignAsync(IReadOnlyList<(string Kind, string Service, string Method, string Url, string Body)> requests, AwsKeys? keys = null)
    {
        keys ??= AwsRequests.Dummy;
        var start = new ProcessStartInfo(Skip.UnlessFound("python3")) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Botocore);
        using var python = Process.Start(start)!;
        await python.StandardInput.WriteAsync(JsonSerializer.Serialize(requests.Select(one => new
        {
            kind = one.Kind, service = one.Service, method = one.Method, url = one.Url, body = one.Body, region = "us-east-1", id = keys.Id, secret = keys.Secret, token = keys.Token,
            headers = one.Body.Length > 0 ? new[] { new[] { "Content-Type", "application/x-www-form-urlencoded; charset=utf-8" } } : [],
        })));
        python.StandardInput.Close();
        var errors = python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        if ((await errors).Contains("No module named 'botocore'", StringComparison.Ordinal))
        {
            throw Skip.Because("botocore is not installed for python3");
        }

        Assert.True(python.ExitCode == 0, await errors);
        return [.. JsonDocument.Parse(output).RootElement.EnumerateArray().Select(one => (
            one.GetProperty("url").GetString()!,
            (IReadOnlyList<HttpField>)[.. one.GetProperty("headers").EnumerateArray().Select(field => new HttpField(field[0].GetString()!, field[1].GetString()!))]))];
    }
}
