using System.IO.Compression;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.RealCloud;

/// <summary>An estate that the real terraform with the real AWS provider made in moto, once for all tests of a class.</summary>
public sealed class Estate : IAsyncLifetime
{
    private readonly Lazy<Task> _made;
    private Moto? _moto;

    public Estate() => _made = new Lazy<Task>(MakeAsync);

    /// <summary>Where moto listens.</summary>
    public Uri Endpoint => _moto!.Endpoint;

    /// <summary>The folder of the code and its state.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("estate-").FullName;

    public string State => Path.Combine(Folder, "terraform.tfstate");

    /// <summary>Requests that moto has answered.</summary>
    public int Requests => _moto!.Requests;

    /// <summary>Makes the estate if no test has; skips the test where terraform, its provider or moto is not installed.</summary>
    public Task ReadyAsync() => _made.Value;

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

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

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
}
