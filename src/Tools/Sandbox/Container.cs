using System.Globalization;
using System.Security.Cryptography;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// Podman or docker, with the settings that <see cref="Bubblewrap"/> has. On Linux an empty image, made when it is missing, with our program, the engine and the host's
/// libraries shown in it; elsewhere, and where one is named, an image that holds program and engine for Linux. Its engine may be in a virtual machine, into which a unix socket
/// does not pass: requests come out over a pipe of their own then.
/// The run's processes are the engine's and not ours, so the engine and the runner inside hold it to its limits.
/// </summary>
/// <param name="program">Our own executable.</param>
/// <param name="engine">"podman" or "docker".</param>
/// <param name="image">An image with /app/mcp-infra and /engine/terraform; null for the empty one on Linux, and elsewhere for mcp-infra-sandbox.</param>
/// <param name="onLinux">Whether the host is Linux; null finds out.</param>
public sealed class Container(OwnProgram program, string engine = "podman", string? image = null, bool? onLinux = null) : ISandbox
{
    private const string Work = "/work";
    private const string Socket = "/egress.sock";
    private const string InnerSocket = $"{Work}/.egress.sock";
    private const string Nobody = "65534";
    private const uint FirstUser = 0x7000_0000;
    private const string EmptyImage = "mcp-infra-empty";
    private const UnixFileMode Anyone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private static readonly string[] InImage = ["/app", "/dotnet", "/engine"];
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly bool shows = image is null && (onLinux ?? OperatingSystem.IsLinux());
    private readonly ContainerEngine commands = new(engine);
    private readonly Readiness readiness = new();
    private volatile bool isSwept;

    /// <inheritdoc/>
    public SandboxKind Kind => SandboxKind.Container;

    /// <inheritdoc/>
    public IReadOnlyList<string> Program => shows ? program.Bare : ["/app/mcp-infra"];

    /// <inheritdoc/>
    public async ValueTask<string> SettingsAsync(CancellationToken stop)
    {
        var id = "not there";
        try
        {
            id = await PrepareAsync(stop);
        }
        catch (SandboxException)
        {
            // What is missing is said where it is to run.
        }

        return $"container: image {Image} ({id}), no network, no environment, no capabilities, system call filter, read-only";
    }

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
        var id = await PrepareAsync(stop);
        var name = ContainerEngine.Name();
        var opening = new Opening(Work, null, Confine: true, request.EgressSocket is null ? null : shows ? Socket : InnerSocket, request.Environment, request.Limits) { Watch = true };
        OuterTrunk? trunk = null;
        var cage = await Cage.OpenAsync(commands.Start(Arguments(request, name, id, User(request.EgressSocket))), opening, stop, async () =>
        {
            await commands.RemoveAsync(name, CancellationToken.None);
            if (trunk is not null)
            {
                await trunk.DisposeAsync();
            }
        });
        if (!shows && request.EgressSocket is { } socket)
        {
            try
            {
                await cage.RunAsync(new Step { Read = "absent" }, stop); // Its container is there when it answers.
                trunk = await OuterTrunk.OpenAsync(commands.StartIn(name, [.. Program, OwnProgram.Command]), opening with { IsTrunk = true, Watch = false }, socket, stop);
                cage.EndsWith(trunk.Ended, "its way to the proxy broke off");
            }
            catch
            {
                await cage.DisposeAsync();
                throw;
            }
        }

        return cage;
    }

    /// <summary>The engine's argument vector for a request.</summary>
    /// <param name="request">What runs.</param>
    /// <param name="name">The container's.</param>
    /// <param name="id">The image's.</param>
    /// <param name="user">Whom it runs as.</param>
    internal IReadOnlyList<string> Arguments(SandboxRequest request, string name, string id, string user = Nobody)
    {
        var limits = request.Limits;
        var processes = Text(limits.Processes + SandboxLimits.OfRunner);
        var memory = Text(limits.Memory + limits.Disk); // What is written lies in memory.
        var shown = shows ? program.Binds.Concat(request.Binds) : request.Binds.Where(bind => !InImage.Any(inside => bind.Inside == inside || bind.Inside.StartsWith(inside + "/", StringComparison.Ordinal)));
        var host = shows ? HostLibraries.Paths.Select(path => new ReadOnlyBind(OwnProgram.Resolved(path), path)) : [];
        return
        [
            "run", "--rm", "--interactive", "--pull", "never", "--name", name, "--hostname", "plan", "--network", "none", "--ipc", "none", "--cgroupns", "private", "--read-only",
            "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", $"{user}:{user}", "--log-driver", "none",
            "--workdir", "/", // Docker would make the work folder for it, and leave it closed to the run under its own file system.
            .. commands.IsPodman ? new[] { "--read-only-tmpfs=false", "--http-proxy=false", "--no-hosts", "--passwd=false", "--systemd=false", "--timeout", Text((long)(limits.Time + Grace).TotalSeconds) } : [],
            "--pids-limit", processes, "--memory", memory, "--memory-swap", memory,
            "--ulimit", "core=0:0", "--ulimit", $"nofile={limits.Descriptors}:{limits.Descriptors}", "--ulimit", $"fsize={limits.Disk}:{limits.Disk}",
            "--ulimit", $"nproc={processes}:{processes}", // Else the engine raises it, which it may not everywhere.
            "--tmpfs", $"{Work}:rw,exec,nosuid,nodev,mode=1777,size={limits.Disk}",
            .. RunnerEnvironment.Variables.SelectMany(pair => new[] { "--env", $"{pair.Key}={pair.Value}" }),
            .. host.Concat(shown).SelectMany(bind => new[] { "--mount", $"type=bind,source={Plain(bind.Source)},target={Plain(bind.Inside)},readonly" }),
            .. shows && request.EgressSocket is { } socket ? new[] { "--mount", $"type=bind,source={Plain(socket)},target={Socket}" } : [],
            "--entrypoint", Program[0], id, .. Program.Skip(1), OwnProgram.Command,
        ];
    }

    // The image's id.
    private async Task<string> PrepareAsync(CancellationToken stop)
    {
        if (!isSwept)
        {
            await commands.SweepAsync(stop);
            isSwept = true;
        }

        if (await commands.IdAsync(Image, stop) is { } id)
        {
            return id;
        }

        if (shows) // People prune images.
        {
            await commands.MakeEmptyAsync(Image, stop);
        }

        return await commands.IdAsync(Image, stop) ?? throw new SandboxException($"The image {Image} is not there.");
    }

    // A root server's engine knows every user, so each run gets one of its own; another's only those that the account was lent, among which nobody counts for many.
    private string User(string? socket)
    {
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
        {
            var user = FirstUser + (uint)RandomNumberGenerator.GetInt32(0x0FFF_FFFF);
            if (shows && socket is not null)
            {
                Ownership.Give(socket, user);
            }

            return user.ToString(CultureInfo.InvariantCulture);
        }

        if (shows && socket is not null && !OperatingSystem.IsWindows())
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
