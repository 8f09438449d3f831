using System.Diagnostics;
using System.Globalization;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// Rootless podman or docker, with the settings that <see cref="Bubblewrap"/> has. On Linux our program and the engine are shown to a bare image;
/// elsewhere the image holds them for Linux, and nothing can be reached from it, for a unix socket does not pass into the engine's virtual machine.
/// </summary>
/// <param name="program">Our own executable.</param>
/// <param name="engine">"podman" or "docker".</param>
/// <param name="image">The image: any with glibc on Linux, else one with /app/mcp-infra and /engine/terraform.</param>
/// <param name="onLinux">Whether the host is Linux; null finds out.</param>
public sealed class Container(OwnProgram program, string engine = "podman", string image = "mcp-infra-sandbox", bool? onLinux = null) : ISandbox
{
    private const string Work = "/work";
    private const string Socket = "/egress.sock";
    private static readonly string[] InImage = ["/app", "/dotnet", "/engine"];
    private readonly bool shows = onLinux ?? OperatingSystem.IsLinux();
    private readonly Readiness readiness = new();

    /// <inheritdoc/>
    public SandboxKind Kind => SandboxKind.Container;

    /// <inheritdoc/>
    public string Settings => $"container: image {image}, no network, no environment, no capabilities, read-only";

    /// <inheritdoc/>
    public string Shown(ReadOnlyBind bind) => bind.Inside;

    /// <inheritdoc/>
    public ValueTask<SandboxReadiness> ProbeAsync(CancellationToken stop) => readiness.OfAsync(
        this,
        $"Install podman (`apt-get install podman`, `dnf install podman`, `brew install podman` and `podman machine init --now`) or docker, and have the image {image} there, or set `sandbox: none` in mcp-infra.yaml to accept that plans run with the server's rights",
        stop);

    /// <inheritdoc/>
    public Task<Cage> OpenAsync(SandboxRequest request, CancellationToken stop)
    {
        if (!shows && request.EgressSocket is not null)
        {
            throw new SandboxException("A stack that reaches endpoints cannot be planned in a container on this system. Run the server on Linux for it.");
        }

        var name = "mcp-infra-" + Guid.NewGuid().ToString("N");
        var opening = new Opening(Work, null, Confine: true, request.EgressSocket is null ? null : Socket, request.Environment, request.Limits);
        return Cage.OpenAsync(new ProcessStartInfo(engine, Arguments(request, name)), opening, stop, () => Remove(name));
    }

    /// <summary>The engine's argument vector for a request; `name` is the container's.</summary>
    public IReadOnlyList<string> Arguments(SandboxRequest request, string name)
    {
        var limits = request.Limits;
        var binds = program.Binds.Concat(request.Binds).Where(bind => shows || !InImage.Any(inside => bind.Inside == inside || bind.Inside.StartsWith(inside + "/", StringComparison.Ordinal)));
        return
        [
            "run", "--rm", "--interactive", "--pull", "never", "--name", name, "--hostname", "plan", "--network", "none", "--ipc", "none", "--read-only", "--cap-drop", "ALL",
            "--security-opt", "no-new-privileges", "--user", "65534:65534", "--workdir", Work, "--log-driver", "none",
            "--pids-limit", Text(limits.Processes), "--memory", Text(limits.Memory), "--memory-swap", Text(limits.Memory),
            "--ulimit", "core=0:0", "--ulimit", $"nofile={limits.Descriptors}:{limits.Descriptors}", "--ulimit", $"fsize={limits.Disk}:{limits.Disk}",
            "--ulimit", $"nproc={limits.Processes}:{limits.Processes}", // Else the engine raises it, which it may not everywhere.
            "--tmpfs", $"{Work}:rw,exec,nosuid,nodev,mode=1777,size={limits.Disk}",
            .. RunnerEnvironment.Variables.SelectMany(pair => new[] { "--env", $"{pair.Key}={pair.Value}" }),
            .. binds.SelectMany(bind => new[] { "--mount", $"type=bind,source={bind.Source},target={bind.Inside},readonly" }),
            .. request.EgressSocket is { } socket ? new[] { "--mount", $"type=bind,source={socket},target={Socket}" } : [],
            "--entrypoint", shows ? program.Inside[0] : "/app/mcp-infra", image,
            .. shows ? program.Inside.Skip(1) : [OwnProgram.Command],
        ];
    }

    // The client's end does not end what the engine's daemon runs.
    private void Remove(string name)
    {
        using var remove = Process.Start(new ProcessStartInfo(engine, ["rm", "--force", name]) { RedirectStandardOutput = true, RedirectStandardError = true });
        remove?.WaitForExit(TimeSpan.FromSeconds(30));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
