using System.Diagnostics;
using System.Security.Cryptography;

namespace McpInfra.Tools.Sandbox;

/// <summary>
/// Linux namespaces through bubblewrap: no network, no environment, no capabilities, its own processes, and of the files only libraries, certificates and what is asked for.
/// A server that runs as root makes the mounts as root and the runner then becomes a user of its own for each run; any other server gets a user namespace.
/// </summary>
/// <param name="program">Our own executable.</param>
/// <param name="executable">Bubblewrap's.</param>
/// <param name="root">Whether mounts are made as root; null when this process is.</param>
/// <param name="without">What it is left without, to show that the rest holds.</param>
public sealed class Bubblewrap(OwnProgram program, string executable = "bwrap", bool? root = null, CageLayers without = CageLayers.None) : ISandbox
{
    private const string Work = "/work";
    private const string Socket = "/egress.sock";
    private const uint FirstUser = 0x7000_0000;

    // The kernel's memory, keys, log and timers, and its emergency switch.
    private static readonly string[] Masked =
    [
        "/proc/kcore", "/proc/keys", "/proc/key-users", "/proc/kmsg", "/proc/kpagecount", "/proc/kpageflags", "/proc/kpagecgroup", "/proc/latency_stats",
        "/proc/sched_debug", "/proc/sysrq-trigger", "/proc/timer_list", "/proc/timer_stats", "/proc/kallsyms", "/proc/vmallocinfo", "/proc/slabinfo", "/proc/iomem", "/proc/ioports",
    ];

    private readonly Readiness readiness = new();
    private readonly bool asRoot = root ?? (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess);

    /// <inheritdoc/>
    public SandboxKind Kind => SandboxKind.Bubblewrap;

    /// <inheritdoc/>
    public IReadOnlyList<string> Program => program.Bare;

    /// <inheritdoc/>
    public ValueTask<string> SettingsAsync(CancellationToken stop) => new("bubblewrap: no network, no environment, no capabilities, system call filter, read-only libraries");

    /// <inheritdoc/>
    public string Shown(ReadOnlyBind bind) => bind.Inside;

    /// <inheritdoc/>
    public async ValueTask<SandboxReadiness> ProbeAsync(CancellationToken stop)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new(false, "bubblewrap is for Linux. Set `sandbox: container` in mcp-infra.yaml with podman or docker installed, or `sandbox: none` to accept that plans run with the server's rights");
        }

        if (!Seccomp.Supported)
        {
            return new(false, "the system call filter knows x64 and arm64 only. Set `sandbox: container` in mcp-infra.yaml, or `sandbox: none` to accept that plans run with the server's rights");
        }

        return await readiness.OfAsync(
            this,
            "Install bubblewrap 0.8 or newer (`apt-get install bubblewrap`, `dnf install bubblewrap`) and see that unprivileged user namespaces are on "
            + "(`sysctl kernel.apparmor_restrict_unprivileged_userns=0` on Ubuntu), or set `sandbox: none` in mcp-infra.yaml to accept that plans run with the server's rights",
            stop);
    }

    /// <inheritdoc/>
    public Task<Cage> OpenAsync(SandboxRequest request, CancellationToken stop)
    {
        var start = new ProcessStartInfo(executable, Arguments(request));
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        var user = asRoot && Has(CageLayers.User) ? FirstUser + (uint)RandomNumberGenerator.GetInt32(0x0FFF_FFFF) : (uint?)null;
        if (user is { } owner && request.EgressSocket is { } socket)
        {
            Ownership.Give(socket, owner);
        }

        return Cage.OpenAsync(start, new Opening(Work, user, Confine: true, request.EgressSocket is null ? null : Socket, request.Environment, request.Limits) { Filter = Has(CageLayers.Filter) }, stop, group: ControlGroup.Open(request.Limits));
    }

    /// <summary>Bubblewrap's argument vector for a request.</summary>
    internal IReadOnlyList<string> Arguments(SandboxRequest request)
    {
        List<string> arguments =
        [
            "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "plan",
            .. Has(CageLayers.Network) ? new[] { "--unshare-net" } : [],
            .. Has(CageLayers.Processes) ? new[] { "--unshare-pid", "--as-pid-1" } : [],
            "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL",
            .. asRoot ? ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] : new[] { "--unshare-user", "--disable-userns", "--uid", "65534", "--gid", "65534" },
            .. RunnerEnvironment.Variables.SelectMany(pair => new[] { "--setenv", pair.Key, pair.Value }),
        ];
        var shown = HostLibraries.Paths.Select(Shown)
            .Concat(program.Binds.Concat(request.Binds).Select(bind => new[] { "--ro-bind", bind.Source, bind.Inside })).ToList();

        // Bubblewrap makes parents of its own accord, but for their owner alone.
        arguments.AddRange(shown.SelectMany(mount => Parents(mount[^1])).Distinct().Order(StringComparer.Ordinal).SelectMany(parent => new[] { "--perms", "0755", "--dir", parent }));
        arguments.AddRange(shown.SelectMany(mount => mount));
        arguments.AddRange(["--proc", "/proc", "--dev", "/dev"]);
        arguments.AddRange(Masked.Where(File.Exists).SelectMany(file => new[] { "--ro-bind", "/dev/null", file }));
        arguments.AddRange(["--perms", "1777", "--size", $"{request.Limits.Disk}", "--tmpfs", Work]);
        if (request.EgressSocket is { } socket)
        {
            arguments.AddRange(["--bind", socket, Socket]);
        }

        return [.. arguments, "--remount-ro", "/dev", "--remount-ro", "/proc", "--remount-ro", "/", "--chdir", Work, "--", .. program.Inside];
    }

    private bool Has(CageLayers layer) => !without.HasFlag(layer);

    private static IEnumerable<string> Parents(string path)
    {
        for (var parent = Path.GetDirectoryName(path); parent is { Length: > 1 }; parent = Path.GetDirectoryName(parent))
        {
            yield return parent;
        }
    }

    private static string[] Shown(string path) => new DirectoryInfo(path) is { Exists: true, LinkTarget: { } link } ? ["--symlink", link, path] : ["--ro-bind", path, path];
}
