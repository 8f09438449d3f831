using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace McpInfra.Tools.Sandbox.Escapes;

/// <summary>What is planted on the host for attempts to aim at; gone when disposed.</summary>
internal sealed class Plant : IDisposable
{
    private readonly string canary = "canary-" + RandomNumberGenerator.GetHexString(32);
    private readonly TcpListener port = new(IPAddress.Loopback, 0);
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string name = "mcp-infra-" + RandomNumberGenerator.GetHexString(16);
    private readonly string file;
    private readonly string folder;
    private readonly int inherited;

    private Plant(string folder)
    {
        this.folder = OwnProgram.Resolved(folder);
        file = Path.Combine(this.folder, $"canary-{RandomNumberGenerator.GetHexString(8)}");
        File.WriteAllText(file, canary);
        inherited = open(file, 0); // Without the flag that closes it in children.
        port.Start();
        socket.Bind(new UnixDomainSocketEndPoint("\0" + name));
        socket.Listen();
    }

    /// <summary>Whether a connection came.</summary>
    public bool Knocked => port.Pending() || socket.Poll(0, SelectMode.SelectRead);

    public static Plant In(string folder) => new(folder);

    public string Content() => File.Exists(file) ? File.ReadAllText(file) : "";

    public EscapeAims Aims(SandboxLimits limits) => new(
        canary, file, [folder, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "/home", "/root", "/var", "/srv"],
        ((IPEndPoint)port.LocalEndpoint).Port, name, Environment.ProcessId, limits.Processes, limits.Disk, EscapeAims.AccountsHere());

    public void Dispose()
    {
        port.Dispose();
        socket.Dispose();
        _ = close(inherited);
        File.Delete(file);
    }

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int descriptor);
}
