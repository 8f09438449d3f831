using System.Text.Json.Nodes;
using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Host.Tests.Commands;

public sealed class The_command_line_keeps_its_contract : IDisposable
{
    private readonly CommandRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task Help_shows_every_command()
    {
        var help = await run.RunAsync("--help");
        Assert.Equal(0, help.ExitCode);
        foreach (var command in new[] { "serve", "scan", "quickstart", "trust", "freeze", "thaw", "connect", "doctor", "audit", "approvals", "policy", "evaluate" })
        {
            Assert.Matches($@"(?m)^  {command}\b", help.StandardOutput);
        }
    }

    [Fact]
    public async Task Version_is_one_line() => Assert.Matches(@"^\d+\.\d+\.\d+\s*$", (await run.RunAsync("--version")).StandardOutput);

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("serve", "--agent")]
    [InlineData("serve", "--agent", "nobody")]
    [InlineData("serve", "--http", "http://0.0.0.0:8080")]
    [InlineData("serve", "--config", "no-such-file.yaml")]
    [InlineData("connect", "emacs")]
    [InlineData("connect", "claude-desktop", "--http", "http://127.0.0.1:8080/mcp")]
    [InlineData("scan", "--source", "nobody")]
    [InlineData("trust", "no-such-file.yaml")]
    [InlineData("quickstart", "no-such-folder")]
    [InlineData("quickstart", "--nowhere")]
    [InlineData("audit", "verify", "--json")]
    public async Task Wrong_use_exits_2_and_says_what_is_wrong_without_a_stack_trace(params string[] arguments)
    {
        var wrong = await run.RunAsync(arguments);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("mcp-infra", wrong.StandardError, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", wrong.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_of_a_configuration_is_listed_at_once()
    {
        var file = run.Write("bad.yaml", "organisation: acme\nsandbox: docker\nagent: nobody\nsources:\n  - { name: x, kind: aws }\nrepositories:\n  - { url: . }\nsandbox: { none: [here] }\n");
        var wrong = await run.RunAsync("policy", "test", "--config", file);
        Assert.Equal(2, wrong.ExitCode);
        foreach (var line in new[] { 1, 2, 3, 5, 7, 8 })
        {
            Assert.Contains($"bad.yaml:{line}: ", wrong.StandardError, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_found_configuration_is_inert_until_it_is_trusted_and_again_after_it_changed()
    {
        var file = run.Write("mcp-infra.yaml", "organization: acme\nstore: { sqlite: ./elsewhere }\n");
        Assert.Contains("is not trusted", (await run.RunAsync("policy", "test")).StandardError, StringComparison.Ordinal);

        Assert.Equal(0, (await run.RunAsync("trust", file)).ExitCode);
        Assert.Empty((await run.RunAsync("policy", "test")).StandardError);

        File.AppendAllText(file, "# changed\n");
        Assert.Contains("is not trusted", (await run.RunAsync("policy", "test")).StandardError, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(run.Work, "elsewhere", "trusted.json")));
    }

    [Fact]
    public async Task Connect_prints_what_each_client_reads()
    {
        var json = JsonNode.Parse((await run.RunAsync("connect", "json")).StandardOutput)!;
        Assert.Equal("serve", json["mcpServers"]!["infra"]!["args"]!.AsArray().Last()!.GetValue<string>());
        Assert.StartsWith("[mcp_servers.infra]\n", (await run.RunAsync("connect", "codex")).StandardOutput, StringComparison.Ordinal);
        var http = JsonNode.Parse((await run.RunAsync("connect", "vscode", "--http", "http://127.0.0.1:8080")).StandardOutput)!;
        Assert.Equal("http://127.0.0.1:8080/mcp", http["servers"]!["infra"]!["url"]!.GetValue<string>());
        Assert.Equal("Bearer ${env:MCP_INFRA_TOKEN}", http["servers"]!["infra"]!["headers"]!["Authorization"]!.GetValue<string>());
    }

    [Fact]
    public async Task Connect_writes_beside_what_stands_there_and_twice_is_once()
    {
        var file = run.Write(".mcp.json", """{"mcpServers":{"other":{"command":"x"}},"note":1}""");
        Assert.Equal(0, (await run.RunAsync("connect", "claude-code", "--write")).ExitCode);
        Assert.Equal(0, (await run.RunAsync("connect", "claude-code", "--write")).ExitCode);
        var written = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
        Assert.Equal(["other", "infra"], written["mcpServers"]!.AsObject().Select(server => server.Key));
        Assert.Equal(1, written["note"]!.GetValue<int>());

        var codex = Path.Combine(run.Folder, ".codex", "config.toml");
        Directory.CreateDirectory(Path.GetDirectoryName(codex)!);
        await File.WriteAllTextAsync(codex, "model = \"x\"\n\n[mcp_servers.infra]\ncommand = \"old\"\n\n[other]\na = 1\n", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await run.RunAsync("connect", "codex", "--write")).ExitCode);
        var toml = await File.ReadAllTextAsync(codex, TestContext.Current.CancellationToken);
        Assert.Contains("model = \"x\"", toml, StringComparison.Ordinal);
        Assert.Contains("[other]\na = 1", toml, StringComparison.Ordinal);
        Assert.DoesNotContain("old", toml, StringComparison.Ordinal);
        Assert.Equal(2, toml.Split("[mcp_servers.infra]").Length);
    }

    [Fact]
    public async Task A_client_configuration_with_comments_is_left_as_it_is()
    {
        var file = run.Write(".vscode/mcp.json", "{ // mine\n}");
        Assert.Equal(2, (await run.RunAsync("connect", "vscode", "--write")).ExitCode);
        Assert.Equal("{ // mine\n}", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_client_that_was_never_started_has_its_configuration_where_it_will_look()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw Skip.Because("macOS and Windows have these folders from the beginning");
        }

        Assert.Equal(0, (await run.RunAsync("connect", "claude-desktop", "--write")).ExitCode);
        Assert.True(File.Exists(Path.Combine(run.Folder, ".config", "Claude", "claude_desktop_config.json")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(run.Work));
    }

    [Theory]
    [InlineData("approvals", "list")]
    [InlineData("withheld", "list")]
    [InlineData("pins", "show")]
    [InlineData("policy", "show")]
    public async Task Lists_take_json(params string[] list) => Assert.IsType<JsonArray>(JsonNode.Parse((await run.RunAsync([.. list, "--json"])).StandardOutput));

    [Fact]
    public async Task Thaw_without_freeze_is_a_no()
    {
        Assert.Equal(1, (await run.RunAsync("thaw")).ExitCode);
        Assert.Equal(0, (await run.RunAsync("freeze", "--reason", "an incident")).ExitCode);
        Assert.Equal(0, (await run.RunAsync("thaw")).ExitCode);
    }

    [Fact]
    public async Task The_state_folder_is_its_owners_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            throw Skip.Because("Windows has no file modes");
        }

        await run.RunAsync("freeze");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(run.Home));
    }

    [Fact]
    public async Task Doctor_names_what_is_missing_and_what_mends_it()
    {
        var file = run.Write("mcp-infra.yaml", "engines: { terraform: { path: no-such-engine } }\n");
        var doctor = await run.RunAsync("doctor", "--config", file);
        Assert.Equal(1, doctor.ExitCode);
        Assert.Contains("MISSING terraform", doctor.StandardOutput, StringComparison.Ordinal);
        Assert.Contains("same user, not enforced", doctor.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_tells_why_somebody_froze()
    {
        await run.RunAsync("freeze", "--reason", "an incident\nok      all is well");
        var doctor = await run.RunAsync("doctor");
        Assert.Equal(1, doctor.ExitCode);
        Assert.Matches("(?m)^MISSING freeze: .*: an incident\uFFFDok", doctor.StandardOutput);
        Assert.Contains("          mcp-infra thaw", doctor.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_outlives_a_state_folder_that_cannot_be_used()
    {
        await File.WriteAllTextAsync(run.Home, "in its place", TestContext.Current.CancellationToken);
        var doctor = await run.RunAsync("doctor");
        Assert.Equal(1, doctor.ExitCode);
        Assert.Matches("MISSING state folder: .* cannot be written", doctor.StandardOutput);
        Assert.Contains("MISSING sandbox: not tried", doctor.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_proves_the_sandbox_by_trying_to_break_out_of_it()
    {
        Skip.UnlessFound("bwrap");
        var doctor = await run.RunAsync("doctor", "--json");
        using var checks = System.Text.Json.JsonDocument.Parse(doctor.StandardOutput);
        var attempts = checks.RootElement.EnumerateArray().Where(check => check.GetProperty("name").GetString()!.StartsWith("break out: ", StringComparison.Ordinal)).ToList();
        Assert.InRange(attempts.Count, 24, 100);
        Assert.All(attempts, attempt => Assert.True(attempt.GetProperty("well").GetBoolean(), attempt.ToString()));
    }

    [Fact]
    public async Task A_person_who_releases_what_a_scan_held_back_is_in_the_audit_trail()
    {
        run.Write("infra/terraform.tfstate", State(30));
        var config = run.Write("mcp-infra.yaml", "organization: acme\nsources:\n  - { name: state, kind: terraform-state, path: ./infra/terraform.tfstate }\n");
        Assert.Equal(0, (await run.RunAsync("scan", "--config", config)).ExitCode);
        run.Write("infra/terraform.tfstate", State(2));
        Assert.Contains("28 of 30 of everything", (await run.RunAsync("scan", "--config", config)).StandardOutput, StringComparison.Ordinal);
        Assert.Contains("28 gone", (await run.RunAsync("scan", "--config", config, "--source", "state", "--release")).StandardOutput, StringComparison.Ordinal);
        var trail = string.Join('\n', Directory.EnumerateFiles(Path.Combine(run.Home, "audit"), "*.jsonl").SelectMany(File.ReadLines));
        Assert.Matches($"\"person\":\"{Environment.UserName}\".*\"release asked\".*\"state\"", trail);
        Assert.Matches("\"released\".*\"gone\":28", trail);
    }

    private static string State(int count) => $$"""
        {"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"x","resources":[{{string.Join(',', Enumerable.Range(0, count).Select(number =>
            $$$"""{"mode":"managed","type":"terraform_data","name":"d{{{number}}}","provider":"provider[\"terraform.io/builtin/terraform\"]","instances":[{"attributes":{"id":"id-{{{number}}}"}}]}"""))}}]}
        """;
}
