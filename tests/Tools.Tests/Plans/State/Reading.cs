using System.Text;
using McpInfra.Guardrails.Credentials;
using McpInfra.TestKit;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans.State;
using McpInfra.Tools.Plans.State.Backends;
using McpInfra.Tools.Tests.Git;
using Xunit;

namespace McpInfra.Tools.Tests.Plans.State;

/// <summary>A stack in a repository, whose state is read as a plan reads it.</summary>
internal sealed class Reading : IDisposable
{
    private readonly ScratchRepository scratch;
    private readonly StateHttp http;
    private readonly McpInfra.Tools.Git.Repository repository;

    public Reading(string code, StackSettings? stack = null, TimeProvider? time = null, HttpMessageHandler? handler = null)
    {
        scratch = new ScratchRepository(("main.tf", code));
        Stack = stack ?? new StackSettings(".");
        http = new StateHttp(handler, time ?? TimeProvider.System);
        repository = new Repositories([scratch.Settings with { Stacks = [Stack] }], "acme", Path.Combine(scratch.Folder, "state"), TimeProvider.System).Find("infra")!;
    }

    public StackSettings Stack { get; }

    public string Root => scratch.Root;

    public KnownCredentials Credentials { get; } = new();

    public StateLimits Limits { get; init; } = new();

    /// <summary>A state that the real terraform writes into the backend of the code, with a secret in it.</summary>
    public static async Task WriteAsync(string code, string workspace = "default")
    {
        using var folder = new ScratchFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "main.tf"), code);
        await Terraform.Alone(folder.Path).ApplyAsync(TestContext.Current.CancellationToken, workspace);
    }

    public static string Code(string backend, string input = "terraform.workspace") =>
        $"terraform {{\n{backend}\n}}\nresource \"terraform_data\" \"x\" {{\n  input = {input}\n}}\noutput \"o\" {{\n  value = {input}\n}}\n";

    public Task<StackState> StateAsync() =>
        new StateReader(Credentials, StateReader.Backends(http, TimeProvider.System), Limits).ReadAsync(Calls.Caller(), repository, repository.Base().Tree, Stack, TestContext.Current.CancellationToken);

    public async Task<string> TextAsync() => Encoding.UTF8.GetString((await StateAsync()).Bytes ?? []);

    /// <summary>What is said when it cannot be read.</summary>
    public async Task<string> FaultAsync() => (await Assert.ThrowsAsync<StateException>(StateAsync)).Message;

    public void Secret(string secret) => Credentials.Known["infra/.#backend"] = new Credential(secret, null);

    public void Dispose()
    {
        http.Dispose();
        scratch.Dispose();
    }
}
