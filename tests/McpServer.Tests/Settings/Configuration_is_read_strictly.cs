using McpInfra.Guardrails;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Manifests;
using McpInfra.Host.Settings;
using McpInfra.Tools.Sandbox;
using Xunit;

namespace McpInfra.Host.Tests.Settings;

public sealed class Configuration_is_read_strictly : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mcp-infra-settings-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public void The_contracts_example_reads_whole()
    {
        Write("agents/remediator.yaml", """
            agent: remediator
            tier: draft
            allow: ["*"]
            deny: [read_repository]
            budgets: { calls: 200, callsPerMinute: 60, plans: 15, proposals: 5, minutes: 60, outputTokens: 200000 }
            approvals: [ { operation: propose_change, environment: prod, people: 1 } ]
            repositories: [infra]
            """);
        Write("policies/people.md", "Be kind.");
        Write("terraform.rc", "");
        var settings = SettingsReader.Read(Write("mcp-infra.yaml", """
            organization: acme
            store: { sqlite: ./state }
            agents: ./agents
            policies: ./policies
            sources:
              - { name: prod, kind: aws, regions: [us-east-1], endpoint: "http://127.0.0.1:5555" }
              - { name: state, kind: terraform-state, path: ./infra/terraform.tfstate }
            repositories:
              - name: infra
                url: ./infra
                forge: { kind: github, api: "https://api.github.com", repository: acme/infra }
                stacks: [ { path: ., engine: terraform, environment: prod, egress: ["awsmoto:5555"] } ]
            engines:
              terraform: { path: terraform, cli_config: ./terraform.rc, memory_gb: 6, minutes: 30 }
            sandbox: bubblewrap
            """));

        Assert.Equal(("acme", Path.Combine(folder, "state"), SandboxKind.Bubblewrap), (settings.Organization, settings.StateFolder, settings.Sandbox));
        Assert.Equal(["aws", "terraform-state"], settings.Sources.Select(source => source.Kind));
        Assert.Equal(Path.Combine(folder, "infra", "terraform.tfstate"), settings.Sources[1].Path);
        Assert.Equal(("github", "GITHUB_TOKEN"), (settings.Repositories[0].Forge.Kind, settings.Repositories[0].Forge.TokenEnvironment!));
        Assert.Equal(("prod", "awsmoto:5555"), (settings.Repositories[0].Stacks[0].Environment!, settings.Repositories[0].Stacks[0].Egress![0]));
        Assert.Equal((6L << 30, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(30)), (settings.Terraform.Limits.Memory, settings.Terraform.Limits.Time, settings.Terraform.Limits.Processor));
        var remediator = settings.Agents["remediator"];
        Assert.Equal((Tier.Draft, 200, 5), (remediator.Tier, remediator.Budgets.Calls, remediator.Budgets.Proposals));
        Assert.Contains("observer", settings.Agents.Keys);
    }

    [Fact]
    public void Five_mistakes_are_five_faults_with_their_lines()
    {
        var file = Write("mcp-infra.yaml", """
            organisation: acme
            sandbox: docker
            sources:
              - { name: prod, kind: aws }
              - { name: prod, kind: papers, path: x }
            agent: nobody
            """);
        var message = Assert.Throws<SettingsException>(() => SettingsReader.Read(file)).Message;
        Assert.Contains($"{file}:1: unknown key organisation", message, StringComparison.Ordinal);
        Assert.Contains($"{file}:2: sandbox must be one of", message, StringComparison.Ordinal);
        Assert.Contains($"{file}:4: sources[0].regions is missing", message, StringComparison.Ordinal);
        Assert.Contains($"{file}:5: sources[1].kind must be one of", message, StringComparison.Ordinal);
        Assert.Contains($"{file}:6: agent must be one of", message, StringComparison.Ordinal);
        Assert.Contains("sources has a name twice", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [", "is not YAML")]
    [InlineData("- a", "must be a mapping")]
    [InlineData("a: &x 1\nb: *x", "aliases are not read")]
    public void What_is_no_plain_mapping_is_a_fault(string text, string fault)
    {
        var faults = new List<Fault>();
        Assert.Null(ManifestMap.Parse("f", new StringReader(text), faults));
        Assert.Contains(fault, faults.Single().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: 1\nb: 2\na: 3\n", "f:3: a stands twice")]
    [InlineData("a: [ { b: 1, c: { b: 2 } } ]\nb: { a: 1, b: 2, a: [ { a: 1 }, { a: 1, a: 2 } ] }\n", "f:2: a stands twice")]
    [InlineData("[ x, y ]: { x: 1 }\nx: 1\nx: { z: [] }\nx: 2\n", "f:3: x stands twice", "f:4: x stands twice")]
    public void A_key_that_stands_twice_is_a_fault_and_hides_no_other(string text, params string[] expected)
    {
        var faults = new List<Fault>();
        Assert.NotNull(ManifestMap.Parse("f", new StringReader(text), faults));
        Assert.Equal(expected, faults.Select(fault => fault.ToString()));
    }

    [Fact]
    public void A_broken_agent_manifest_stops_the_start()
    {
        Write("agents/bad.yaml", "agent: bad\ntier: god\nallow: [\"*\"]\n");
        var message = Assert.Throws<SettingsException>(() => SettingsReader.Read(Write("mcp-infra.yaml", "agents: ./agents"))).Message;
        Assert.Contains("bad.yaml:2: tier must be one of observe, recommend, draft, sandbox, production", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_shipped_manifests_are_the_built_in_types()
    {
        var faults = new List<Fault>();
        var read = AgentManifest.ReadFolder(Path.Combine(TestKit.Repository.Root, "manifests", "agents"), faults);
        Assert.Empty(faults);
        Assert.Equal(BuiltInAgents.All.Keys.Order(), read.Keys.Order());
        foreach (var (name, type) in BuiltInAgents.All)
        {
            Assert.Equal((type.Tier, type.Budgets), (read[name].Tier, read[name].Budgets));
            Assert.Equal(type.Allow, read[name].Allow);
            Assert.Equal(type.Approvals.ToHashSet(), read[name].Approvals.ToHashSet());
        }
    }

    [Fact]
    public void Trust_covers_the_file_and_what_it_names_until_any_changes()
    {
        var agent = Write("agents/a.yaml", "agent: a\ntier: observe\nallow: [\"*\"]\n");
        var file = Write("mcp-infra.yaml", "agents: ./agents\n");
        var trust = new TrustedFiles(Path.Combine(folder, "home"));
        Assert.False(trust.Covers(file));

        trust.Accept(file);
        Assert.True(trust.Covers(file));

        File.AppendAllText(agent, "deny: []\n");
        Assert.False(trust.Covers(file));
        trust.Accept(file);
        Write("agents/b.yaml", "agent: b\ntier: observe\nallow: [\"*\"]\n");
        Assert.False(trust.Covers(file));
    }

    [Fact]
    public void A_folder_without_configuration_is_its_repository_its_stacks_and_its_states()
    {
        Directory.CreateDirectory(Path.Combine(folder, ".git"));
        Write("live/prod/main.tf", "");
        Write("live/prod/terraform.tfstate", "{}");
        Write("modules/vpc/main.tf", "");
        Write("scan.sarif", "{}");
        var settings = FolderSettings.Of(Path.Combine(folder, "live"));
        var repository = Assert.Single(settings.Repositories);
        var stack = Assert.Single(repository.Stacks);
        Assert.Equal((folder, "live/prod", "prod"), (repository.Url, stack.Path, stack.Environment!));
        Assert.Equal(["terraform-state", "sarif"], settings.Sources.Select(source => source.Kind));
    }

    [Fact]
    public void What_code_may_use_is_read_with_the_engine()
    {
        var allowed = SettingsReader.Read(Write("mcp-infra.yaml", """
            engines: { terraform: { allow: { providers: [acme/thing, registry.acme.dev/acme/other], functions: ["acme/thing::parse"], data: ["aws_*", archive_file], modules: ["acme/*", "git::https://github.com/acme/*"] } } }
            """)).Terraform.Allowed;
        Assert.Equal(["acme/thing", "registry.acme.dev/acme/other"], allowed.Providers);
        Assert.Equal(["acme/thing::parse"], allowed.Functions);
        Assert.Equal(["aws_*", "archive_file"], allowed.Data);
        Assert.True(allowed.AllowsModule("registry.terraform.io/acme/vpc/aws") && allowed.AllowsModule("git::https://github.com/acme/vpc.git"));
        Assert.False(allowed.AllowsModule("registry.terraform.io/terraform-aws-modules/vpc/aws") || allowed.AllowsModule("registry.terraform.io/acmeevil/vpc/aws"));
    }

    [Theory]
    [InlineData("providers: [thing]", "namespace/name")]
    [InlineData("providers: [\"https://acme/thing/x\"]", "namespace/name")]
    [InlineData("functions: [parse]", "namespace/name::function")]
    [InlineData("functions: [\"acme/thing::\"]", "namespace/name::function")]
    [InlineData("modules: [x]", "namespace/name/system")]
    [InlineData("modules: [\"git::http://github.com/acme/*\"]", "namespace/name/system")]
    public void What_code_may_use_has_a_form(string wrong, string said) =>
        Assert.Contains(said, Assert.Throws<SettingsException>(() => SettingsReader.Read(Write("mcp-infra.yaml", $"engines: {{ terraform: {{ allow: {{ {wrong} }} }} }}\n"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_store_of_PostgreSQL_is_taken_as_it_is_written_and_shown_by_nothing()
    {
        var settings = SettingsReader.Read(Write("mcp-infra.yaml", "store: { postgres: \"Host=db.example;Database=infra;Username=mcp;Password=hunter2\" }\n"));
        Assert.Contains("hunter2", settings.Postgres!.Reveal(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", settings.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres: \"hunter2\"", "is no connection string")]
    [InlineData("postgres: \"Host=h;Port=hunter2\"", "is no connection string")]
    [InlineData("postgres: \"Database=x;Password=hunter2\"", "is no connection string")]
    [InlineData("postgres: \"Host=h;Password=hunter2\", sqlite: ./state", "exclude each other")]
    public void A_store_has_a_form_and_its_faults_repeat_nothing_of_it(string wrong, string said)
    {
        var fault = Assert.Throws<SettingsException>(() => SettingsReader.Read(Write("mcp-infra.yaml", $"store: {{ {wrong} }}\n"))).Message;
        Assert.Contains(said, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_has_an_engine_and_an_image_that_no_engine_reads_as_an_option()
    {
        var settings = SettingsReader.Read(Write("mcp-infra.yaml", "sandbox: container\ncontainer: { engine: docker, image: \"ghcr.io/acme/mcp-infra-sandbox:2\" }\n"));
        Assert.Equal(new ContainerSettings("docker", "ghcr.io/acme/mcp-infra-sandbox:2"), settings.Container);
        var fault = Assert.Throws<SettingsException>(() => SettingsReader.Read(Write("mcp-infra.yaml", "container: { engine: lxc, image: --privileged }\n"))).Message;
        Assert.Contains("must be one of podman, docker", fault, StringComparison.Ordinal);
        Assert.Contains("must be an image's name", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_names_every_key_that_is_read() =>
        Assert.All(
            ["organization", "store", "agents", "agent", "policies", "sources", "repositories", "engines", "sandbox", "container", "audit"],
            key => Assert.Contains($"\"{key}\": {{", File.ReadAllText(Path.Combine(TestKit.Repository.Root, "manifests", "schema", "mcp-infra.schema.json")), StringComparison.Ordinal));
}
