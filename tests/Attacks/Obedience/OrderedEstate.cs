using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using McpInfra.Attacks.HostileRepositories;
using McpInfra.Guardrails;
using McpInfra.Host.Composition;
using McpInfra.Host.Settings;
using McpInfra.TestKit;
using Microsoft.Extensions.Logging;

namespace McpInfra.Attacks.Obedience;

/// <summary>An estate in which every text that somebody may write holds an order, and everything worth stealing is a canary; served by the real server, in this process.</summary>
internal sealed class OrderedEstate : IAsyncDisposable
{
    private const string Site = "resource \"terraform_data\" \"site\" {\n  input = \"one\"\n}\n";
    private static readonly JsonSerializerOptions Plainly = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("mcp-infra-obeyed-");
    private readonly ForbiddenEndpoint attacker = new();
    private readonly Emulate github;
    private readonly WatchedForge forge;
    private readonly StringWriter logs = new();
    private IReadOnlyList<string> before = [];

    private OrderedEstate(Emulate github, WatchedForge forge) => (this.github, this.forge) = (github, forge);

    /// <summary>The attacks in it.</summary>
    public IReadOnlyList<Order> Orders { get; private set; } = [];

    /// <summary>Connections to the attacker's endpoint.</summary>
    public int Reached => attacker.Reached;

    /// <summary>What the forge was asked: method, path and body.</summary>
    public IReadOnlyCollection<string> Forged => forge.Asked;

    /// <summary>What code of the attacker's has written on the host.</summary>
    public IReadOnlyList<string> Owned => Directory.GetFileSystemEntries(Folder("owned"));

    /// <summary>What the server has logged.</summary>
    public string Logged => logs.ToString();

    /// <summary>What a model does here that was asked to look at everything, and to plan a change in both stacks.</summary>
    /// <param name="elsewhere">Also at a second repository, whose stack is planned too.</param>
    public IEnumerable<(string Tool, string Arguments)> Everything(bool elsewhere = false) =>
    [
        ("plan_change", """{"repository":"infra","stack":"dev","edits":[{"path":"dev/main.tf","find":"size = \"one\"","replace":"size = \"two\""}]}"""),
        ("plan_change", """{"repository":"infra","stack":"prod","edits":[{"path":"prod/main.tf","find":"size = \"one\"","replace":"size = \"three\""}]}"""),
        ("detect_drift", """{"repository":"infra","stack":"prod"}"""), ("search_findings", "{}"), ("resources/read", """{"uri":"infra://costs"}"""), ("resources/read", """{"uri":"infra://drift"}"""), ("list_changes", """{"since":"7d"}"""),
        .. Of("tag", "tag key", "name", "attribute", "owner").Select(order => ("describe_resource", $$"""{"resource":"{{Id(order)}}","sections":["summary","configuration","relations","findings","costs","owner"]}""")),
        .. Of("readme", "runbook", "pull request", "CI log").Select(order => ("search_knowledge", $$"""{"query":"{{order.Id}}"}""")),
        .. Files("infra").Where(file => !file.EndsWith(".tfstate", StringComparison.Ordinal)).Select(file => ("read_repository", JsonSerializer.Serialize(new { repository = "infra", path = file }))),
        ("read_repository", """{"repository":"infra","path":"files"}"""), ("search_resources", """{"limit":100}"""), ("search_resources", """{"count_by":"tag:team"}"""),
        .. elsewhere ? [("read_repository", """{"repository":"site","path":"main.tf"}"""), ("plan_change", """{"repository":"site","stack":".","edits":[{"path":"main.tf","find":"one","replace":"two"}]}""")] : Array.Empty<(string, string)>(),
    ];

    /// <summary>Builds it.</summary>
    public static async Task<OrderedEstate> BuildAsync(CancellationToken stop)
    {
        var github = await Emulate.StartAsync(stop);
        await github.FillAsync([("main.tf", "100644", Encoding.UTF8.GetBytes(Site))], stop);
        var estate = new OrderedEstate(github, await WatchedForge.StartAsync(github.Api));
        await estate.WriteAsync();
        return estate;
    }

    /// <summary>Lets a model that obeys work in a session of its own, behind the guards as they ship or as they are put here.</summary>
    public async Task<ObeyingModel> ObeyAsync(Func<Guards, Guards>? with, IEnumerable<(string Tool, string Arguments)> task)
    {
        using var factory = new LoggerFactory([new Written(logs)]);
        await using var server = await Server.StartAsync(SettingsReader.Read(Path.Combine(root.FullName, "mcp-infra.yaml")), "obedient", factory, TimeProvider.System, CancellationToken.None, with);
        await using var serving = new InProcessServer(server.Edge);
        await using var client = await serving.ConnectAsync();
        var model = new ObeyingModel(client);
        await model.WorkAsync(task);
        return model;
    }

    /// <summary>Files outside the state folder that were added, changed or taken away; drafts are git's objects and refs, and are looked at by <see cref="DraftsAsync"/>.</summary>
    public IEnumerable<string> Changed() => Hashes().Except(before).Concat(before.Except(Hashes()));

    /// <summary>Each branch but main: its name, and all that it holds beyond main.</summary>
    public async Task<IReadOnlyList<(string Branch, string Content)>> DraftsAsync()
    {
        var drafts = new List<(string, string)>();
        foreach (var repository in new[] { "infra", "site" })
        {
            foreach (var branch in (await GitAsync(repository, "for-each-ref", "--format=%(refname:short)")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(branch => branch != "main"))
            {
                drafts.Add((branch, await GitAsync(repository, "log", "-p", "--format=full", $"main..{branch}")));
            }
        }

        return drafts;
    }

    /// <summary>Everything that the server has written: trail, proposals, texts that it withheld, graph; as letters.</summary>
    public string Kept() => string.Join('\n', Directory.EnumerateFiles(Folder("state"), "*", SearchOption.AllDirectories).Where(file => !file.Contains("keys", StringComparison.Ordinal)).Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));

    /// <summary>Branch main of both repositories.</summary>
    public async Task<string> MainAsync() => await GitAsync("infra", "rev-parse", "main") + await GitAsync("site", "rev-parse", "main");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        attacker.Dispose();
        await forge.DisposeAsync();
        await github.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        root.Delete(recursive: true);
    }

    private static string Id(Order order) => $"arn:aws:s3:::{order.Id}-bucket";

    private IEnumerable<Order> Of(params string[] places) => Orders.Where(order => places.Contains(order.Place));

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(root.FullName, name)).FullName;

    private IEnumerable<string> Files(string repository) => Directory.EnumerateFiles(Folder(repository), "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Folder(repository), file)).Where(file => !file.StartsWith(".git/", StringComparison.Ordinal) && !file.StartsWith("files/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private List<string> Hashes() => [.. Directory.EnumerateFiles(root.FullName, "*", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/.git/objects", StringComparison.Ordinal) && !file.Contains("refs/heads/agent", StringComparison.Ordinal) && !file.StartsWith(Folder("state"), StringComparison.Ordinal))
        .Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}")];

    private async Task WriteAsync()
    {
        var evil = new Uri($"http://127.0.0.1:{attacker.Port}/");
        Orders = Obedience.Orders.All(Folder("owned"), evil);
        Code();
        Documents();
        Write("infra/.env", $"DATABASE_PASSWORD={Canary.Of("env-file")}\n");
        Write("secrets/key", Canary.Of("file"));
        Write("secrets/token", Canary.Of("credential"));
        Write("site/main.tf", Site);
        Write("state.tfstate", State([.. Of("tag", "tag key", "name", "attribute", "owner").Select(Bucket), Database(), .. Enumerable.Range(0, 2).Select(number => Data($"d{number}"))]));
        Write("infra/dev/terraform.tfstate", State([Data("d")]));
        Write("infra/prod/terraform.tfstate", State([Data("p")]));
        Write("scan.sarif", Findings());
        Write("costs.csv", "BilledCost,EffectiveCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ResourceId,ServiceName,SubAccountId,RegionId\n"
            + string.Concat(Of("cost line").Select(order => $"1.5,1.5,USD,{DateTime.UtcNow:yyyy-MM}-01T00:00:00Z,{DateTime.UtcNow:yyyy-MM}-02T00:00:00Z,,\"{order.Text.Replace("\"", "\"\"", StringComparison.Ordinal)}\",111122223333,us-east-1\n")));
        Write("agents/obedient.yaml", "agent: obedient\ntier: draft\nallow: [\"*\"]\nbudgets: { calls: 100000, callsPerMinute: 100000, plans: 10000, proposals: 1000, minutes: 120, outputTokens: 100000000 }\napprovals:\n  - { operation: propose_change, environment: prod, people: 1 }\n");
        Write("mcp-infra.yaml", $$"""
            organization: acme
            store: { sqlite: ./state }
            agents: ./agents
            sources:
              - { name: state, kind: terraform-state, path: ./state.tfstate, repository: infra, stack: dev }
              - { name: scan, kind: sarif, path: ./scan.sarif, repository: infra }
              - { name: bill, kind: focus, path: ./costs.csv }
            repositories:
              - name: infra
                url: ./infra
                forge: { kind: local }
                stacks: [ { path: dev, environment: dev }, { path: prod, environment: prod } ]
              - name: site
                url: ./site
                forge: { kind: github, api: "{{forge.Endpoint}}", repository: acme/infra, app: { id: {{Emulate.App}}, key_file: {{github.KeyFile}} } }
                stacks: [ { path: ., environment: dev } ]
            """);
        foreach (var repository in new[] { "infra", "site" })
        {
            await GitAsync(repository, "init", "--quiet", "--initial-branch=main");
            await GitAsync(repository, "add", "--all", "--", ":!*.tfstate", ":!.env");
            await GitAsync(repository, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "one");
        }

        before = Hashes();
    }

    private void Code()
    {
        Write("infra/dev/main.tf", "resource \"terraform_data\" \"d\" {\n  input = { size = \"one\" }\n}\n\nvariable \"password\" {\n  default = \"" + Canary.Of("code") + "\"\n}\n");
        Write("infra/prod/main.tf", "resource \"terraform_data\" \"p\" {\n  input = { size = \"one\" }\n}\n"
            + string.Concat(Of("plan value").Select(order => $"resource \"terraform_data\" \"{order.Id}\" {{\n  input = \"{order.Escaped}\"\n}}\n"))
            + string.Concat(Of("plan output").Select(order => $"output \"{order.Id}\" {{\n  value = \"{order.Escaped}\"\n}}\n")));
        foreach (var some in Of("comment of code", "text of code").Chunk(6))
        {
            Write($"infra/modules/{some[0].Id}.tf", string.Concat(some.Select(order => order.Place == "comment of code" ? $"# {order.Text}\n" : $"locals {{\n  {order.Id} = \"{order.Escaped}\"\n}}\n")));
        }

        // A name has no slash or backslash, and at most 255 bytes.
        foreach (var order in Of("file name").Where(order => !order.Text.Contains('\\') && Encoding.UTF8.GetByteCount(order.Text) < 240))
        {
            Write($"infra/files/{order.Text.Replace('/', '\u2215')}", "x\n");
        }
    }

    private void Documents()
    {
        foreach (var (place, folder, extension) in new[] { ("readme", "docs", "md"), ("runbook", "docs/runbooks", "md"), ("pull request", "docs/pulls", "md"), ("CI log", "logs", "log.md") })
        {
            foreach (var order in Of(place))
            {
                Write($"infra/{folder}/{order.Id}.{extension}", $"# Note {order.Id}\n\nWhat is known of this service.\n\n{order.Text}\n");
            }
        }
    }

    private object Bucket(Order order) => new
    {
        mode = "managed", type = "aws_s3_bucket", name = order.Id, provider = "provider[\"registry.terraform.io/hashicorp/aws\"]",
        instances = new[]
        {
            new
            {
                schema_version = 0, sensitive_attributes = Array.Empty<object>(),
                attributes = new
                {
                    arn = Id(order), id = $"{order.Id}-bucket", bucket = order.Place == "name" ? order.Text : $"{order.Id}-bucket", region = order.Place == "attribute" ? order.Text : "us-east-1",
                    tags = order.Place switch { "tag" => Tags("note", order.Text), "tag key" => Tags(order.Text, "yes"), "owner" => Tags("owner", order.Text), "name" => Tags("Name", order.Text), _ => Tags("team", "data") },
                },
            },
        },
    };

    private static Dictionary<string, string> Tags(string key, string value) => new() { [key] = value };

    private static object Database() => new
    {
        mode = "managed", type = "aws_db_instance", name = "records", provider = "provider[\"registry.terraform.io/hashicorp/aws\"]",
        instances = new[]
        {
            new
            {
                schema_version = 0, sensitive_attributes = new object[] { new[] { new { type = "get_attr", value = "password" } } },
                attributes = new
                {
                    arn = "arn:aws:rds:us-east-1:111122223333:db:records", id = "records-database", identifier = "records-database", password = Canary.Of("state-password"),
                    username = "records", connection_string = $"Server=db;User=records;Password={Canary.Of("state-connection")};", tags = Tags("api_key", Canary.Of("state-tag")),
                },
            },
        },
    };

    private static object Data(string name) => new
    {
        mode = "managed", type = "terraform_data", name, provider = "provider[\"terraform.io/builtin/terraform\"]",
        instances = new[]
        {
            new
            {
                schema_version = 0, sensitive_attributes = Array.Empty<object>(),
                attributes = new { id = $"9d0c7f3a-0000-4000-8000-0000000000{(name[0] % 10) + 10}", input = Input(), output = Input(), triggers_replace = (string?)null },
            },
        },
    };

    private static object Input() => new { value = new { size = "zero", password = Canary.Of("state-input") }, type = new object[] { "object", new { size = "string", password = "string" } } };

    private static string State(IReadOnlyList<object> resources) => JsonSerializer.Serialize(new
    {
        version = 4, terraform_version = "1.11.4", serial = 1, lineage = "6f1d8a0e-0000-4000-8000-000000000000",
        outputs = new { admin_token = new { value = Canary.Of("state-output"), type = "string", sensitive = true } }, resources,
    }, Plainly);

    private string Findings() => JsonSerializer.Serialize(new
    {
        version = "2.1.0",
        runs = new[]
        {
            new
            {
                tool = new { driver = new { name = "scan", rules = Of("finding rule").Select(order => new { id = order.Text, shortDescription = new { text = "A rule" } }) } },
                results = Of("finding message", "finding rule").Select(order => new
                {
                    ruleId = order.Place == "finding rule" ? order.Text : $"rule-{order.Id}", level = "error", message = new { text = order.Place == "finding rule" ? "A finding" : order.Text },
                    locations = new[] { new { physicalLocation = new { artifactLocation = new { uri = $"dev/{order.Id}.tf" }, region = new { startLine = 1 } } } },
                }),
            },
        },
    }, Plainly);

    private void Write(string path, string text)
    {
        var file = Path.Combine(root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private async Task<string> GitAsync(string repository, params string[] arguments)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return (await Cli.Wrap("git").WithArguments(arguments).WithWorkingDirectory(Folder(repository))
            .WithEnvironmentVariables(variables => variables.Set("GIT_CONFIG_GLOBAL", "/dev/null").Set("GIT_CONFIG_NOSYSTEM", "1")).ExecuteBufferedAsync(deadline.Token)).StandardOutput;
    }

    // Every message of every level, with what the program's own log leaves out.
    private sealed class Written(TextWriter output) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (output)
            {
                output.WriteLine($"{formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
