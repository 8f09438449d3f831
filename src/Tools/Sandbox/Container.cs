using System.Globalization;
using System.Security.Cryptography;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// Podman or docker, with the settings that <see cref="Bubblewrap"/> has. On Linux an empty image, made when it is missing, with our program, the engine and the host's
/// libraries shown in it; elsewhere an image that holds program and engine for Linux, from which nothing can be reached, for a unix socket does not pass into the engine's virtual machine.
/// The run's processes are the engine's and not ours, so the engine and the runner inside hold it to its limits.
/// </summary>
/// <param name="program">Our own executable.</param>
/// <param name="engine">"podman" or "docker".</param>
/// <param name="image">The image; null for the empty one on Linux, and elsewhere mcp-infra-sandbox with /app/mcp-infra and /engine/terraform.</param>
/// <param name="onLinux">Whether the host is Linux; null finds out.</param>
public sealed class Container(OwnProgram program, string engine = "podman", string? image = null, bool? onLinux = null) : ISandbox
{
    private const string Work = "/work";
    private const string Socket = "/egress.sock";
    private const string Nobody = "65534";
    private const uint FirstUser = 0x7000_0000;
    private const string EmptyImage = "mcp-infra-empty";
    private const UnixFileMode Anyone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private static readonly string[] InImage = ["/app", "/dotnet", "/engine"];
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly bool shows = onLinux ?? OperatingSystem.IsLinux();
    private readonly ContainerEngine commands = new(engine);
    private readonly Readiness readiness = new();
    private volatile bool isSwept;

    /// <inheritdoc/>
    public SandboxKind Kind => SandboxKind.Container;

    /// <inheritdoc/>
    public string Settings => $"container: image {Image}, no network, no environment, no capabilities, system call filter, read-only";

    private string Image => image ?? (shows ? EmptyImage : "mcp-infra-sandbox");

    /// <inheritdoc/>
    public string Shown(ReadOnlyBind bind) => bind.Inside;

    /// <inheritdoc/>
    public ValueTask<SandboxReadiness> ProbeAsync(CancellationToken stop) => readiness.OfAsync(
        this,
        shows
            ? "Install podman (`apt-get install podman`, `dnf install podman`) or docker so that `podman run` works for this account, or set `sandbox: none` in mcp-infra.yaml to accept that plans run with the server's rights"
            : $"Install podman (`brew install podman` or `winget install RedHat.Podman`, then `podman machine init --now`) or docker, make the image {Image} as docs/operating.md says (`{engine} build --tag {Image} --file manifests/sandbox/Containerfile FOLDER`), or set `sandbox: none` in mcp-infra.yaml to accept that plans run with the server's rights",
        stop);

    /// <inheritdoc/>
    public async Task<Cage> OpenAsync(SandboxRequest request, CancellationToken stop)
    {
        if (!shows && request.EgressSocket is not null)
        {
            throw new SandboxException("A stack that reaches endpoints cannot be planned in a container on this system. Run the server on Linux for it.");
        }

        await PrepareAsync(stop);
        var name = ContainerEngine.Name();
        var opening = new Opening(Work, null, Confine: true, request.EgressSocket is null ? null : Socket, request.Environment, request.Limits) { Watch = true };
        return await Cage.OpenAsync(commands.Start(Arguments(request, name, User(request.EgressSocket))), opening, stop, () => commands.RemoveAsync(name, CancellationToken.None));
    }

    /// <summary>The engine's argument vector for a request.</summary>
    /// <param name="request">What runs.</param>
    /// <param name="name">The container's.</param>
    /// <param name="user">Whom it runs as.</param>
    internal IReadOnlyList<string> Arguments(SandboxRequest request, string name, string user = Nobody)
    {
        var limits = request.Limits;
        var processes = Text(limits.Processes + SandboxLimits.OfRunner);
        var memory = Text(limits.Memory + limits.Disk); // What is written lies in memory.
        var own = program.Binds.Concat(request.Binds).Where(bind => shows || !InImage.Any(inside => bind.Inside == inside || bind.Inside.StartsWith(inside + "/", StringComparison.Ordinal)));
        var host = shows ? HostLibraries.Paths.Select(path => new ReadOnlyBind(OwnProgram.Resolved(path), path)) : [];
        return
        [
            "run", "--rm", "--interactive", "--pull", "never", "--name", name, "--hostname", "plan", "--network", "none", "--ipc", "none", "--cgroupns", "private", "--read-only",
            "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", $"{user}:{user}", "--workdir", Work, "--log-driver", "none",
            .. commands.IsPodman ? new[] { "--read-only-tmpfs=false", "--http-proxy=false", "--no-hosts", "--passwd=false", "--systemd=false", "--timeout", Text((long)(limits.Time + Grace).TotalSeconds) } : [],
            "--pids-limit", processes, "--memory", memory, "--memory-swap", memory,
            "--ulimit", "core=0:0", "--ulimit", $"nofile={limits.Descriptors}:{limits.Descriptors}", "--ulimit", $"fsize={limits.Disk}:{limits.Disk}",
            "--ulimit", $"nproc={processes}:{processes}", // Else the engine raises it, which it may not everywhere.
            "--tmpfs", $"{Work}:rw,exec,nosuid,nodev,mode=1777,size={limits.Disk}",
            .. RunnerEnvironment.Variables.SelectMany(pair => new[] { "--env", $"{pair.Key}={pair.Value}" }),
            .. host.Concat(own).SelectMany(bind => new[] { "--mount", $"type=bind,source={Plain(bind.Source)},target={Plain(bind.Inside)},readonly" }),
            .. request.EgressSocket is { } socket ? new[] { "--mount", $"type=bind,source={Plain(socket)},target={Socket}" } : [],
            "--entrypoint", shows ? program.Inside[0] : "/app/mcp-infra", Image,
            .. shows ? program.Inside.Skip(1) : [OwnProgram.Command],
        ];
    }

    private async Task PrepareAsync(CancellationToken stop)
    {
        if (!isSwept)
        {
            await commands.SweepAsync(stop);
            isSwept = true;
        }

        if (!await commands.HasAsync(Image, stop)) // People prune images.
        {
            if (Image != EmptyImage)
            {
                throw new SandboxException($"The image {Image} is not there.");
            }

            await commands.MakeEmptyAsync(Image, stop);
        }
    }

    // A root server's engine knows every user, so each run gets one of its own; another's only those that the account was lent, among which nobody counts for many.
    private string User(string? socket)
    {
        if (shows && Environment.IsPrivilegedProcess)
        {
            var user = FirstUser + (uint)RandomNumberGenerator.GetInt32(0x0FFF_FFFF);
            if (socket is not null)
            {
                Ownership.Give(socket, user);
            }

            return user.ToString(CultureInfo.InvariantCulture);
        }

        if (socket is not null && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(socket, Anyone); // Its folder is ours alone.
        }

        return Nobody;
    }

    // The engine reads a mount as fields between commas.
    private static string Plain(string path) => path.AsSpan().IndexOfAny(",\"\n\r") < 0 ? path
        : throw new SandboxException("A path that the sandbox must show has a comma, quote or line break in it, which container engines do not take. Install mcp-infra and its state folder elsewhere.");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
