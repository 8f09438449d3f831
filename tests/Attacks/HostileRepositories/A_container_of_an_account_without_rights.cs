using McpInfra.TestKit;
using Xunit;

namespace McpInfra.Attacks.HostileRepositories;

/// <summary>Podman without root: no control group, no user ids but those the account was lent.</summary>
public sealed class A_container_of_an_account_without_rights
{
    [Fact]
    public async Task Holds_against_every_way_out_and_plans()
    {
        Skip.UnlessFound("terraform");
        await Containers.ReadyAsync();
        using var account = await OtherAccount.ReadyAsync();
        await account.WriteAsync(".config/containers/storage.conf", "[storage]\ndriver = \"vfs\"\n");
        if (Environment.GetEnvironmentVariable("CONTAINERS_CONF") is { } settings)
        {
            await account.WriteAsync(".config/containers/containers.conf", await File.ReadAllTextAsync(settings, TestContext.Current.CancellationToken));
        }

        await account.WriteAsync("code/main.tf", Hostile.Harmless);
        string[][] steps = [["init", "-q", "-b", "main", "code"], ["-C", "code", "add", "-A"], ["-C", "code", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "one"]];
        foreach (var step in steps)
        {
            Assert.Equal(0, (await account.RunAsync(["git", .. step])).ExitCode);
        }

        await account.WriteAsync("mcp-infra.yaml", """
            organization: acme
            sandbox: container
            store: { sqlite: ./state }
            repositories: [ { name: infra, url: ./code, forge: { kind: local }, stacks: [ { path: . } ] } ]
            """);
        var configuration = Path.Combine(account.Home, "mcp-infra.yaml");

        var said = (await account.RunAsync(account.Executable, "doctor", "--config", configuration)).StandardOutput;
        Assert.Matches("sandbox: container, ([0-9]+) of \\1 attempts to break out of it held", said);

        await using var server = ServerProcess.StartAs(account, "serve", "--config", configuration);
        await server.WriteAsync($$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"plan_change","arguments":{"repository":"infra","stack":"."},{{{ServerProcess.Meta}}}}}""");
        var answer = (await server.ReadAsync()).GetRawText();
        Assert.Contains("plan_", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\"isError\":true", answer, StringComparison.Ordinal);
        server.EndInput();
        await server.EndAsync();
    }
}
