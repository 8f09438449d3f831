using System.Text.Json;
using CliWrap;
using McpInfra.TestKit;
using McpInfra.Tools.Sandbox;
using Xunit;

namespace McpInfra.Attacks.HostileRepositories;

/// <summary>`kill -9` of a server while a provider runs: nothing runs on, the next server removes what lies about, and the trail has both.</summary>
public sealed class A_server_that_is_killed : IDisposable
{
    private const string Marker = "marigold-under-way";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // terraform itself gives up a silent provider after a minute.
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("killed-");

    public void Dispose() => root.Delete(recursive: true);

    [Theory]
    [InlineData(SandboxKind.Bubblewrap)]
    [InlineData(SandboxKind.Container)]
    public async Task In_the_middle_of_a_plan_leaves_nothing_and_the_next_one_plans(SandboxKind kind)
    {
        var configuration = await ConfigureAsync(kind);
        int killed;
        await using (var server = ServerProcess.Start("serve", "--config", configuration))
        {
            killed = server.Id;
            await server.WriteAsync(Call("slow"));
            Assert.True(SpinWait.SpinUntil(() => HostProcesses.Run(Marker), Patience), "The provider never ran.");
            Assert.NotEmpty(Left(killed));
            server.Crash();
            await server.EndAsync();
        }

        Assert.True(SpinWait.SpinUntil(() => !HostProcesses.Run(Marker), Patience), "The provider outlived its server.");

        await using var next = ServerProcess.Start("serve", "--config", configuration);
        await next.WriteAsync(Call("quick"));
        var answer = (await next.ReadAsync()).GetRawText();
        Assert.Contains("plan_", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\"isError\":true", answer, StringComparison.Ordinal);
        Assert.Empty(Left(killed));

        next.EndInput();
        await next.EndAsync();
        var trail = Directory.EnumerateFiles(Path.Combine(root.FullName, "state", "audit"), "*.jsonl").SelectMany(File.ReadLines).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var begun = Assert.Single(trail, record => Is(record, "kind", "begin") && record.GetRawText().Contains("\"slow\"", StringComparison.Ordinal));
        var end = Assert.Single(trail, record => Is(record, "kind", "end") && Is(record, "call", begun.GetProperty("call").GetString()!));
        Assert.Equal("interrupted", end.GetProperty("outcome").GetString());
    }

    private static bool Is(JsonElement record, string name, string value) => record.TryGetProperty(name, out var found) && found.GetString() == value;

    private static string Call(string stack) =>
        $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"plan_change","arguments":{"repository":"infra","stack":"{{{stack}}}"},{{{ServerProcess.Meta}}}}}""";

    // Folders and control groups that bear the process's mark.
    private static List<string> Left(int process) =>
        [.. new[] { Path.GetTempPath(), "/sys/fs/cgroup" }.Where(Directory.Exists)
            .SelectMany(place => Directory.EnumerateDirectories(place, $"mcp-infra-*-{process}-*", new EnumerationOptions { RecurseSubdirectories = place.StartsWith("/sys", StringComparison.Ordinal), IgnoreInaccessible = true, MaxRecursionDepth = 6 }))];

    private async Task<string> ConfigureAsync(SandboxKind kind)
    {
        Skip.UnlessFound("terraform");
        _ = kind is SandboxKind.Container ? (object)await Containers.ReadyAsync() : Skip.UnlessFound("bwrap");
        var mirror = Path.Combine(root.FullName, "mirror");
        HostileMirror.Write(mirror, Skip.UnlessFound("bash"));
        await WriteAsync("terraform.rc", HostileMirror.Configuration(mirror));
        await WriteAsync("code/quick/main.tf", Hostile.Harmless);
        var slow = Hostile.Provider("slow", Layer.Cage, "", $"exec -a {Marker} $BASH -c 'while :; do read -t 1 < <(:); done'");
        foreach (var (path, text) in slow.Files)
        {
            await WriteAsync($"code/slow/{path}", text);
        }

        string[][] steps = [["init", "-q", "-b", "main"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "one"]];
        foreach (var step in steps)
        {
            await Cli.Wrap(Skip.UnlessFound("git")).WithArguments(step).WithWorkingDirectory(Path.Combine(root.FullName, "code")).ExecuteAsync(TestContext.Current.CancellationToken);
        }

        return await WriteAsync("mcp-infra.yaml", $$$"""
            organization: acme
            sandbox: {{{kind.ToString().ToLowerInvariant()}}}
            store: { sqlite: ./state }
            engines: { terraform: { cli_config: ./terraform.rc, allow: { providers: [acme/evil] } } }
            repositories: [ { name: infra, url: ./code, forge: { kind: local }, stacks: [ { path: slow }, { path: quick } ] } ]
            """);
    }

    private async Task<string> WriteAsync(string path, string text)
    {
        var file = Path.Combine(root.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        return file;
    }
}
