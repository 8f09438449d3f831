using System.Reflection;
using System.Text.Json;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Binding;
using McpInfra.TestKit;
using McpInfra.Tools;
using Xunit;

namespace McpInfra.Attacks;

/// <summary>CVE-2026-26118, terraform-mcp-server PR 337, GHSA-wmg3-h8mf-wgvr, Kiro 2025: a caller chose the address, the program's words, or its own approval.</summary>
public sealed class What_tools_take
{
    private static readonly (ToolDeclaration Declaration, Type Args)[] Tools =
    [
        .. typeof(ToolDeclaration).Assembly.GetTypes().Where(type => !type.IsInterface).SelectMany(type => type.GetInterfaces(), (type, face) => (type, face))
            .Where(pair => pair.face.IsGenericType && pair.face.GetGenericTypeDefinition() == typeof(ITool<>))
            .Select(pair => ((ToolDeclaration)pair.type.GetProperty("Declaration", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!, pair.face.GetGenericArguments()[0])),
    ];

    private static IEnumerable<string> Names(JsonElement schema) => schema.ValueKind is not JsonValueKind.Object ? [] : schema.EnumerateObject().SelectMany(property =>
        property.Name == "properties" ? property.Value.EnumerateObject().SelectMany(argument => Names(argument.Value).Prepend(argument.Name)) : Names(property.Value));

    private static JsonElement Schema(Type args) => (JsonElement)typeof(Binder<>).MakeGenericType(args).GetProperty("Schema")!.GetValue(null)!;

    [Fact]
    public void Every_tool_is_looked_at() => Assert.Contains("read_repository", Tools.Select(tool => tool.Declaration.Name));

    [Fact]
    public void No_tool_takes_an_address_a_command_a_credential_or_an_approval()
    {
        string[] wrong = ["url", "uri", "host", "endpoint", "address", "server", "proxy", "command", "args", "flags", "options", "shell", "script", "env", "token", "credential", "password", "key", "approval", "approved", "approve", "force", "user", "role", "tier", "agent"];
        Assert.All(Tools, tool => Assert.Empty(Names(Schema(tool.Args)).Intersect(wrong)));
    }

    [Fact]
    public void No_tool_is_above_drafts_or_promises_to_apply()
    {
        Assert.All(Tools, tool => Assert.True(tool.Declaration.Tier <= Tier.Draft));
        Assert.All(Tools, tool => Assert.DoesNotMatch("apply|destroy|delete|approve|exec|run_|token|credential|kubeconfig", tool.Declaration.Name));
    }

    [Fact]
    public async Task What_a_schema_does_not_name_is_refused_by_every_tool()
    {
        foreach (var (declaration, args) in Tools)
        {
            var operation = new Operation
            {
                Kind = OperationKind.Tool, Name = declaration.Name, Tier = declaration.Tier, Description = declaration.Description, Schema = Schema(args),
                Bind = typeof(Binder<>).MakeGenericType(args).GetMethod("Bind")!.CreateDelegate<Func<JsonElement, Bound>>(), Run = (_, _) => new(Answer.Own("ran")),
            };
            await using var governed = await Governed.ServeAsync([operation]);
            foreach (var extra in new object[] { new { url = "http://169.254.169.254/" }, new { approved = true }, new { agent = "administrator" }, new { args = new[] { "-chdir=/" } } })
            {
                var answer = await governed.Client.CallAsync(declaration.Name, extra);
                governed.Refused(answer, "bind");
                Assert.DoesNotContain("169.254", answer.Text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_client_cannot_approve_its_own_call()
    {
        var draft = TestOperations.Of<TestOperations.NoArgs>("propose_change", (_, _, _) => new(Answer.Own("proposed")), Tier.Draft) with
        {
            Targets = (_, _, _) => new(new Resolution([new Target { Id = "infra", Type = "repository", Repository = "infra", Environment = "prod" }])),
        };
        await using var governed = await Governed.ServeAsync([draft]);
        var refused = await governed.Client.CallAsync("propose_change");
        governed.Refused(refused, "approval");
        var id = (string)refused.Denied!["approval"]!;
        foreach (var attempt in new (string Tool, object Arguments)[] { ("approvals_approve", new { id }), ("approve", new { approval = id }), ("propose_change", new { approval = id }), ("propose_change", new { approved = true }) })
        {
            Assert.NotNull((await governed.Client.CallAsync(attempt.Tool, attempt.Arguments)).Guard);
        }

        governed.Refused(await governed.Client.CallAsync("propose_change"), "approval");
    }
}
