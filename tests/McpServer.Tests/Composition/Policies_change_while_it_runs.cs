using McpInfra.Guardrails.Manifests;
using McpInfra.Guardrails.Policies;
using McpInfra.Host.Composition;
using McpInfra.Host.Settings;
using McpInfra.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace McpInfra.Host.Tests.Composition;

public sealed class Policies_change_while_it_runs : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mcp-infra-test-");
    private readonly MemoryTrail trail = new();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_valid_change_takes_effect_and_is_recorded_and_a_broken_one_or_a_vanished_folder_is_refused()
    {
        var file = Path.Combine(folder.FullName, "a.cedar");
        await File.WriteAllTextAsync(file, """@id("f") forbid (principal, action, resource in Environment::"prod");""", TestContext.Current.CancellationToken);
        var faults = new List<Fault>();
        var policies = new PoliciesInForce(Rulebook.Read(folder.FullName, faults));
        var settings = new McpInfra.Host.Settings.Settings { StateFolder = folder.FullName, Policies = folder.FullName };
        await using var reload = new PolicyReload(settings, policies, trail, TimeProvider.System, NullLogger<PolicyReload>.Instance);
        await reload.LookAsync(TestContext.Current.CancellationToken);
        var first = policies.Version;

        await File.WriteAllTextAsync(file, """@id("f") @severity("warn") forbid (principal, action, resource in Environment::"prod");""", TestContext.Current.CancellationToken);
        await reload.LookAsync(TestContext.Current.CancellationToken);
        Assert.NotEqual(first, policies.Version);
        var changed = Assert.Single(trail.Records, record => record.Entry.Operation == "policy changed").Entry;
        Assert.Equal((policies.Version, first), (changed.Arguments!["policies"]!.GetValue<string>(), changed.Arguments!["previous"]!.GetValue<string>()));
        Assert.Contains("f (a.cedar:1) is gone or milder", changed.Arguments!["widens"]!.ToJsonString(), StringComparison.Ordinal);

        var second = policies.Version;
        await File.WriteAllTextAsync(file, "forbid (principal,", TestContext.Current.CancellationToken);
        await reload.LookAsync(TestContext.Current.CancellationToken);
        File.Delete(file);
        folder.Delete();
        await reload.LookAsync(TestContext.Current.CancellationToken);
        Assert.Equal(second, policies.Version);
        Assert.Equal(2, trail.Records.Count(record => record.Entry.Operation == "policy refused"));
        folder.Create();
    }

    [Fact]
    public async Task In_a_configuration_that_was_found_a_change_waits_until_a_person_trusts_it()
    {
        var stop = TestContext.Current.CancellationToken;
        var (home, rules) = (Path.Combine(folder.FullName, "home"), folder.CreateSubdirectory("policies").FullName);
        var (config, file) = (Path.Combine(folder.FullName, "mcp-infra.yaml"), Path.Combine(rules, "a.cedar"));
        await File.WriteAllTextAsync(config, "organization: acme\npolicies: ./policies\n", stop);
        await File.WriteAllTextAsync(file, "forbid (principal, action, resource);", stop);
        var trusted = new TrustedFiles(home);
        trusted.Accept(config);
        var policies = new PoliciesInForce(Rulebook.Read(rules, []));
        var settings = new McpInfra.Host.Settings.Settings { StateFolder = home, Policies = rules, File = config, IsFound = true };
        await using var reload = new PolicyReload(settings, policies, trail, TimeProvider.System, NullLogger<PolicyReload>.Instance, home);
        await reload.LookAsync(stop);
        var first = policies.Version;

        await File.WriteAllTextAsync(file, "permit (principal, action, resource);", stop);
        await reload.LookAsync(stop);
        Assert.Equal(first, policies.Version);
        Assert.Single(trail.Records, record => record.Entry.Operation == "policy waits for trust");

        trusted.Accept(config);
        await reload.LookAsync(stop);
        Assert.NotEqual(first, policies.Version);
        Assert.Single(trail.Records, record => record.Entry.Operation == "policy changed");
    }
}
