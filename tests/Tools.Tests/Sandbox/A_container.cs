using McpInfra.Tools.Sandbox;
using Xunit;

namespace McpInfra.Tools.Tests.Sandbox;

/// <summary>The argument vector alone: no container engine runs where this is built.</summary>
public sealed class A_container
{
    private static readonly OwnProgram Program = new([new ReadOnlyBind("/opt/app", "/app"), new ReadOnlyBind("/opt/dotnet/dotnet", "/dotnet/dotnet")], ["/dotnet/dotnet", "/app/mcp-infra.dll", "sandbox-run"], []);

    private static readonly SandboxRequest Request = new()
    {
        Binds = [new ReadOnlyBind("/usr/bin/terraform", "/engine/terraform"), new ReadOnlyBind("/opt/mirror", "/mirrors/0")],
        Environment = new Dictionary<string, string> { ["CANARY"] = "canary" },
        EgressSocket = "/tmp/x/s",
    };

    [Theory]
    [InlineData("--network none")]
    [InlineData("--read-only")]
    [InlineData("--cap-drop ALL")]
    [InlineData("--security-opt no-new-privileges")]
    [InlineData("--user 65534:65534")]
    [InlineData("--pids-limit 512")]
    [InlineData("--memory 4294967296 --memory-swap 4294967296")]
    [InlineData("--ulimit core=0:0")]
    [InlineData("--ulimit nproc=512:512")]
    [InlineData("--tmpfs /work:rw,exec,nosuid,nodev,mode=1777,size=1073741824")]
    [InlineData("--mount type=bind,source=/opt/mirror,target=/mirrors/0,readonly")]
    [InlineData("--mount type=bind,source=/tmp/x/s,target=/egress.sock")]
    [InlineData("--entrypoint /dotnet/dotnet mcp-infra-sandbox /app/mcp-infra.dll sandbox-run")]
    public void Is_started_with(string arguments) =>
        Assert.Contains(arguments, string.Join(' ', new Container(Program, onLinux: true).Arguments(Request, "run-1")), StringComparison.Ordinal);

    [Fact]
    public void Gets_no_environment_of_the_steps_on_a_command_line() =>
        Assert.DoesNotContain("canary", string.Join(' ', new Container(Program, onLinux: true).Arguments(Request, "run-1")), StringComparison.Ordinal);

    [Fact]
    public void Holds_programs_of_its_own_where_the_host_is_not_Linux()
    {
        var arguments = string.Join(' ', new Container(Program, onLinux: false).Arguments(Request with { EgressSocket = null }, "run-1"));
        Assert.DoesNotContain("/opt/app", arguments, StringComparison.Ordinal);
        Assert.DoesNotContain("/usr/bin/terraform", arguments, StringComparison.Ordinal);
        Assert.EndsWith("--entrypoint /app/mcp-infra mcp-infra-sandbox sandbox-run", arguments, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_what_is_missing_when_there_is_no_engine()
    {
        var readiness = await new Container(Program, "/nonexistent/podman").ProbeAsync(Needs.Stop);
        Assert.False(readiness.Ready);
        Assert.Contains("Install podman", readiness.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_egress_where_a_socket_cannot_pass() =>
        Assert.Throws<SandboxException>(() => { _ = new Container(Program, onLinux: false).OpenAsync(Request, Needs.Stop); });
}
