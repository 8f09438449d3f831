using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using CliWrap;
using McpInfra.TestKit;
using McpInfra.Tools.Sandbox;
using Microsoft.AspNetCore.Http;
using Xunit;

[assembly: AssemblyFixture(typeof(McpInfra.Attacks.HostileRepositories.HostileWorld))]

namespace McpInfra.Attacks.HostileRepositories;

/// <summary>
/// A host full of canaries with one built server on it, as an operator starts it, over one repository for each attack. The attacker has an endpoint of its own,
/// one that stacks may reach, and a provider in the operator's mirror.
/// </summary>
public class HostileWorld : IAsyncDisposable
{
    private const int AtOnce = 2;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly SandboxKind sandbox;
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("mcp-infra-hostile-");
    private readonly SemaphoreSlim places = new(AtOnce);
    private readonly ConcurrentDictionary<string, Lazy<Task<Outcome>>> outcomes = new();
    private readonly ConcurrentQueue<string> listed = new();
    private readonly ForbiddenEndpoint attacker = new();
    private readonly Lazy<Task<RealClient>> client;
    private Func<Task<RealClient>> connect = null!;
    private LoopbackServer? endpoint;

    public HostileWorld()
        : this(SandboxKind.Bubblewrap, All)
    {
    }

    /// <summary>A world of some attacks on a server with this kind of cage.</summary>
    protected HostileWorld(SandboxKind sandbox, IReadOnlyList<Hostile> attacks)
    {
        (this.sandbox, Attacks) = (sandbox, attacks);
        client = new(BuildAsync);
    }

    /// <summary>The attacks on it.</summary>
    public IReadOnlyList<Hostile> Attacks { get; }

    /// <summary>Every attack, in the order of the layers.</summary>
    public static IReadOnlyList<Hostile> All { get; } = [.. ((Hostile[])[.. HostileCode.All, .. HostileTrees.All, .. HostileProviders.All]).OrderBy(hostile => hostile.Layer)];

    /// <summary>Connections to the attacker's own endpoint.</summary>
    public int Reached => attacker.Reached;

    /// <summary>Requests to the endpoint that stacks may reach: method, path and body.</summary>
    public IReadOnlyCollection<string> Listed => listed;

    /// <summary>What code that ran on the host has written.</summary>
    public IReadOnlyList<string> Owned => [.. Directory.EnumerateFileSystemEntries(Path.Combine(root.FullName, "owned")).Select(path => Path.GetFileName(path))];

    /// <summary>Files of the home folder and of the operator's mirror, with their hashes.</summary>
    public IReadOnlyList<string> Untouched => [.. new[] { "home", "mirror" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root.FullName, folder), "*", SearchOption.AllDirectories))
        .Order(StringComparer.Ordinal).Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}")];

    /// <summary>What <see cref="Untouched"/> was before the first attack.</summary>
    public IReadOnlyList<string> Before { get; private set; } = [];

    /// <summary>Runs an attack, once.</summary>
    internal Task<Outcome> RunAsync(Hostile hostile) => outcomes.GetOrAdd(hostile.Name, _ => new(() => AttackAsync(hostile))).Value;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (client.IsValueCreated && client.Value.IsCompletedSuccessfully)
        {
            await (await client.Value).DisposeAsync();
        }

        attacker.Dispose();
        if (endpoint is not null)
        {
            await endpoint.DisposeAsync();
        }

        places.Dispose();
        root.Delete(recursive: true);
    }

    private async Task<Outcome> AttackAsync(Hostile hostile)
    {
        var shared = await client.Value;
        await places.WaitAsync();
        try
        {
            // What others wrote makes drafts of a session want a person, so a proposal gets a session of its own.
            await using var own = hostile.Proposes ? await connect() : null;
            var connected = own ?? shared;
            var repository = Name(hostile);
            ToolAnswer answer;
            do
            {
                answer = await connected.CallAsync("plan_change", new { repository, stack = ".", edits = hostile.Edits, from = hostile.From }, structured: true);
            }
            while (answer.Structured is { } running && running.GetProperty("status").GetString() == "running");

            var planned = answer.Text + answer.Structured;
            if (!hostile.Proposes || answer.IsError)
            {
                return new Outcome(planned, answer.IsError);
            }

            answer = await connected.CallAsync("propose_change", new { plan = answer.Structured!.Value.GetProperty("plan").GetString(), title = "Rename", reason = "A test" }, structured: true);
            return new Outcome(planned + answer.Text + answer.Structured, answer.IsError);
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<RealClient> BuildAsync()
    {
        Skip.UnlessFound("terraform");
        _ = sandbox is SandboxKind.Container ? (object)await Containers.ReadyAsync() : Skip.UnlessFound("bwrap");
        var shell = Skip.UnlessFound("bash");
        endpoint = await LoopbackServer.StartAsync(AnswerAsync);
        var places = new Places(Folder("home"), Folder("owned"), endpoint.Endpoint.Port, attacker.Port);
        Plant(places);
        HostileMirror.Write(Path.Combine(root.FullName, "mirror"), shell);
        await Task.WhenAll(Attacks.Chunk((Attacks.Count / 4) + 1).Select(some => Task.Run(async () =>
        {
            foreach (var hostile in some)
            {
                await RepositoryAsync(hostile, places);
            }
        })));
        Before = Untouched;
        var configuration = Configure(places);
        connect = () => RealClient.OverStdioAsync(["serve", "--agent", "attacker", "--config", configuration], root.FullName, new Dictionary<string, string?>
        {
            ["HOME"] = places.Home,
            ["MCP_INFRA_HOME"] = null,
            ["MCP_INFRA_CONFIG"] = null,
            ["AWS_ACCESS_KEY_ID"] = Canary.Of("environment"),
            ["AWS_SECRET_ACCESS_KEY"] = Canary.Of("environment"),
            ["GITHUB_TOKEN"] = Canary.Of("environment"),
            ["TF_VAR_x"] = Canary.Of("environment"),
            ["TF_CLI_CONFIG_FILE"] = Path.Combine(places.Home, ".terraformrc"),
            ["TF_PLUGIN_CACHE_DIR"] = Folder("owned"),
        });
        return await connect();
    }

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(root.FullName, name)).FullName;

    private string Name(Hostile hostile) => $"r{Array.IndexOf([.. Attacks], hostile)}";

    // What is worth stealing, where it lies on people's machines.
    private void Plant(Places places)
    {
        foreach (var (path, text) in new[]
        {
            (".aws/credentials", $"[default]\naws_secret_access_key = {Canary.Of("home")}\n"), (".aws/config", "[default]\ncredential_process = touch @OWNED@/home-credential-process\n"),
            (".ssh/id_rsa", Canary.Of("home")), (".netrc", $"machine github.com password {Canary.Of("home")}"), (".kube/config", Canary.Of("home")), (".config/gcloud/application_default_credentials.json", Canary.Of("home")),
            (".terraformrc", $"credentials \"app.terraform.io\" {{\n  token = \"{Canary.Of("home")}\"\n}}\nprovider_installation {{\n  dev_overrides {{\n    \"acme/evil\" = \"@HOME@/plugins\"\n  }}\n  direct {{}}\n}}\n"),
            (".terraform.d/credentials.tfrc.json", Canary.Of("home")), ("plugins/terraform-provider-evil", "#!/bin/sh\ntouch @OWNED@/dev-override\n"), (".bashrc", "touch @OWNED@/bashrc\n"),
            (".gitconfig", "[core]\n\tfsmonitor = touch @OWNED@/home-fsmonitor\n\thooksPath = @HOME@/hooks\n"),
        })
        {
            Write(Path.Combine(places.Home, path), places.In(text), isProgram: path.StartsWith("plugins", StringComparison.Ordinal));
        }

        Write(Path.Combine(root.FullName, "state", "canary"), Canary.Of("folder"), isProgram: false);
    }

    private async Task RepositoryAsync(Hostile hostile, Places places)
    {
        var work = Folder(Name(hostile));
        foreach (var (path, text) in hostile.Files)
        {
            var file = Path.Combine(work, path.TrimEnd('@'));
            if (path.EndsWith('@'))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.CreateSymbolicLink(file, places.In(text));
            }
            else
            {
                Write(file, places.In(text), isProgram: text.StartsWith("#!", StringComparison.Ordinal));
            }
        }

        await GitAsync(work, "init", "--quiet", "--initial-branch=main");
        await GitAsync(work, "add", "--force", "--all");
        await GitAsync(work, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--no-verify", "-m", "one");
        await File.WriteAllTextAsync(Path.Combine(work, "terraform.tfstate"), State);
        hostile.Prepare?.Invoke(work, places);
    }

    private static Task GitAsync(string work, params string[] arguments) => Cli.Wrap("git").WithArguments(arguments).WithWorkingDirectory(work)
        .WithEnvironmentVariables(variables => variables.Set("GIT_CONFIG_GLOBAL", "/dev/null").Set("GIT_CONFIG_NOSYSTEM", "1")).ExecuteAsync(new CancellationTokenSource(Deadline).Token);

    /// <summary>A state with canaries in a sensitive output and in a password.</summary>
    internal static string State { get; } = JsonSerializer.Serialize(new
    {
        version = 4, terraform_version = "1.11.4", serial = 1, lineage = "6f1d8a0e-0000-4000-8000-000000000000",
        outputs = new { token_of_output = new { value = Canary.Of("output"), type = "string", sensitive = true } },
        resources = new[]
        {
            Resource("a", new { value = new { name = "one" }, type = new object[] { "object", new { name = "string" } } }),
            Resource("s", new { value = new { password = Canary.Of("password"), token_of_output = Canary.Of("output") }, type = new object[] { "object", new { password = "string", token_of_output = "string" } } }),
        },
    });

    private static object Resource(string name, object input) => new
    {
        mode = "managed", type = "terraform_data", name, provider = "provider[\"terraform.io/builtin/terraform\"]",
        instances = new[] { new { schema_version = 0, attributes = new { id = $"9d0c7f3a-0000-4000-8000-00000000000{name[0] % 10}", input = name == "a" ? input : null, output = input, triggers_replace = (string?)null }, sensitive_attributes = Array.Empty<object>() } },
    };

    private string Configure(Places places)
    {
        Write(Path.Combine(root.FullName, "agents", "attacker.yaml"), "agent: attacker\ntier: draft\nallow: [\"*\"]\nbudgets: { calls: 10000, callsPerMinute: 10000, plans: 10000, proposals: 1000, minutes: 120, outputTokens: 100000000 }\n", isProgram: false);
        Write(Path.Combine(root.FullName, "terraform.rc"), HostileMirror.Configuration(Path.Combine(root.FullName, "mirror")), isProgram: false);
        var repositories = Attacks.Select(hostile => $"  - {{ name: {Name(hostile)}, url: ./{Name(hostile)}, forge: {{ kind: local }}, stacks: [ {{ path: ., environment: test, egress: [\"awsmoto:{places.Listed}\"] }} ] }}\n");
        var path = Path.Combine(root.FullName, "mcp-infra.yaml");
        Write(path, $"organization: acme\nsandbox: {sandbox.ToString().ToLowerInvariant()}\nstore: {{ sqlite: ./state }}\nagents: ./agents\nengines: {{ terraform: {{ cli_config: ./terraform.rc, allow: {{ providers: [acme/evil] }} }} }}\nrepositories:\n{string.Concat(repositories)}", isProgram: false);
        return path;
    }

    private static void Write(string path, string text, bool isProgram)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (isProgram && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        listed.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {await reader.ReadToEndAsync()}");
        context.Response.StatusCode = context.Request.Path == "/redirect" ? 302 : 404;
        context.Response.Headers.Location = $"http://awsmoto:{attacker.Port}/";
    }
}

/// <summary>What a client was told at the end of an attack.</summary>
/// <param name="Said">All of it.</param>
/// <param name="IsError">Whether it was an error.</param>
internal sealed record Outcome(string Said, bool IsError);
