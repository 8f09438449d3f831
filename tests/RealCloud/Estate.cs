using System.IO.Compression;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using CliWrap;
using McpInfra.Graph;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.RealCloud;

/// <summary>An estate that the real terraform with the real AWS provider made in moto, once for all tests; they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class Estate : IAsyncLifetime, ICollectionFixture<Estate>
{
    public const string Name = "Estate";

    /// <summary>What its secrets are: they must never be seen again.</summary>
    public static readonly IReadOnlyList<string> Secrets = ["lambda-value-of-the-estate", "parameter-value-of-the-estate", "user-data-of-the-estate"];

    private readonly Lazy<Task> _made;
    private Moto? _moto;

    public Estate() => _made = new Lazy<Task>(MakeAsync);

    /// <summary>Where moto listens.</summary>
    public Uri Endpoint => _moto!.Endpoint;

    /// <summary>The folder of the code and its state.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("estate-").FullName;

    /// <summary>The state that terraform wrote, outside git as is usual.</summary>
    public string State => Path.Combine(Folder, "terraform.tfstate");

    /// <summary>Requests that moto has answered.</summary>
    public int Requests => _moto!.Requests;

    /// <summary>The cloud as a source.</summary>
    public SourceSettings Cloud => new("prod", "aws") { Accounts = [new("") { Regions = ["us-east-1"], Endpoint = Endpoint }] };

    /// <summary>Makes the estate if no test has; skips the test where terraform, its provider or moto is not installed.</summary>
    public Task ReadyAsync() => _made.Value;

    /// <summary>Resources of the state that are not parts of others.</summary>
    public IReadOnlyList<StateEntry> Entries()
    {
        using var state = JsonDocument.Parse(File.ReadAllBytes(State));
        return [.. state.RootElement.GetProperty("resources").EnumerateArray().SelectMany(StateEntry.Of)];
    }

    /// <summary>A client of the SDK, which acts behind terraform's back.</summary>
    public T Behind<T>(Func<BasicAWSCredentials, T> make) => make(new BasicAWSCredentials("testing", "testing"));

    /// <summary>Suspends a bucket's versioning behind terraform's back; disposing puts it as terraform left it.</summary>
    public async Task<IAsyncDisposable> SuspendAsync(string bucket)
    {
        var s3 = Behind(keys => new AmazonS3Client(keys, new AmazonS3Config { ServiceURL = Endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true }));
        await s3.PutBucketVersioningAsync(new() { BucketName = bucket, VersioningConfig = new() { Status = VersionStatus.Suspended } }, TestContext.Current.CancellationToken);
        return new Suspended(s3, bucket);
    }

    /// <summary>Asks moto behind terraform's back, in the Query protocol, as any tool of the account may.</summary>
    public async Task<string> AskAsync(string service, string action, params (string Name, string Value)[] parameters)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint)
        {
            Content = new FormUrlEncodedContent(parameters.Prepend(("Action", action)).Select(p => KeyValuePair.Create(p.Item1, p.Item2))),
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode ? body : throw new InvalidOperationException($"{action}: {body}");
    }

    /// <summary>Makes moto's keys the ambient ones.</summary>
    public static void UseKeys()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "testing");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "testing");
    }

    public ValueTask InitializeAsync()
    {
        UseKeys();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_moto is not null)
        {
            await _moto.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private async Task MakeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        Copy(Path.Combine(AppContext.BaseDirectory, "Estate"), Folder);
        var terraform = Terraform.In(Folder);
        using (var zip = ZipFile.Open(Path.Combine(Folder, "charge.zip"), ZipArchiveMode.Create))
        {
            using var code = new StreamWriter(zip.CreateEntry("index.py").Open());
            await code.WriteAsync("def handler(event, context): pass");
        }

        _moto = await Moto.StartAsync(deadline.Token);
        await File.WriteAllTextAsync(Path.Combine(Folder, "terraform.tfvars"), $"endpoint = \"{Endpoint.GetLeftPart(UriPartial.Authority)}\"\n", deadline.Token);
        await terraform.ApplyAsync(deadline.Token);
        await CommitAsync(deadline.Token);
    }

    private async Task CommitAsync(CancellationToken stop)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, ".gitignore"), ".terraform/\n*.tfstate*\n*.tfvars\n*.tfrc\n*.zip\n", stop);
        string[][] steps = [["init", "-q", "-b", "main"], ["add", "-A"], ["-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "-q", "-m", "estate"]];
        foreach (var step in steps)
        {
            await Cli.Wrap(Skip.UnlessFound("git")).WithArguments(step).WithWorkingDirectory(Folder).ExecuteAsync(stop);
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*.tf", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private sealed class Suspended(AmazonS3Client s3, string bucket) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await s3.PutBucketVersioningAsync(new() { BucketName = bucket, VersioningConfig = new() { Status = VersionStatus.Enabled } });
            s3.Dispose();
        }
    }
}
