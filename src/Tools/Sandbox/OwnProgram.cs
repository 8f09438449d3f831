using System.Runtime.InteropServices;

namespace McpInfra.Tools.Sandbox;

/// <summary>Our own executable, as a cage has to show it: which folders, and the arguments that start it.</summary>
/// <param name="Binds">What must be visible inside.</param>
/// <param name="Inside">Argument vector inside, up to our own first argument.</param>
/// <param name="Outside">The same on the host.</param>
public sealed record OwnProgram(IReadOnlyList<ReadOnlyBind> Binds, IReadOnlyList<string> Inside, IReadOnlyList<string> Outside)
{
    /// <summary>The first argument that makes our executable the runner inside.</summary>
    public const string Command = "sandbox-run";

    private const string AppInside = "/app";
    private const string RuntimeInside = "/dotnet";

    // The SDK and its caches beside the runtime are not needed to run.
    private static readonly string[] RuntimeParts = ["dotnet", "host", "shared"];

    /// <summary>Argument vector inside, without our own first argument.</summary>
    public IReadOnlyList<string> Bare => [.. Inside.SkipLast(1)];

    /// <summary>Finds it, whether started by `dotnet run`, published with or without the runtime, or as a single file.</summary>
    /// <param name="name">The executable's name without extension.</param>
    /// <exception cref="SandboxException">It cannot be found beside the running code.</exception>
    public static OwnProgram Locate(string name = "mcp-infra")
    {
        var app = Resolved(AppContext.BaseDirectory);
        var assembly = Path.Combine(app, name + ".dll");
        var runtime = Resolved(RuntimeEnvironment.GetRuntimeDirectory());
        var root = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        var dotnet = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        if (File.Exists(assembly) && File.Exists(dotnet))
        {
            return new OwnProgram(
                [new ReadOnlyBind(app, AppInside), .. Runtime(root)],
                [$"{RuntimeInside}/dotnet", $"{AppInside}/{name}.dll", Command],
                [dotnet, assembly, Command]);
        }

        var executable = Path.Combine(app, OperatingSystem.IsWindows() ? name + ".exe" : name);
        if (File.Exists(assembly) && File.Exists(executable))
        {
            return new OwnProgram([new ReadOnlyBind(app, AppInside)], [$"{AppInside}/{name}", Command], [executable, Command]);
        }

        // A single file is shown alone: the folder that it lies in may be anyone's.
        return Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == name
            ? new OwnProgram([new ReadOnlyBind(Resolved(self), $"{AppInside}/{name}"), .. File.Exists(dotnet) ? Runtime(root) : []], [$"{AppInside}/{name}", Command], [self, Command])
            : throw new SandboxException($"The program {name} is not beside the running code, so nothing can be run in the sandbox. Install mcp-infra whole.");
    }

    /// <summary>The path with every link resolved.</summary>
    internal static string Resolved(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var parent = Path.GetDirectoryName(full);
        if (parent is null)
        {
            return full;
        }

        var here = Path.Combine(Resolved(parent), Path.GetFileName(full));
        FileSystemInfo entry = Directory.Exists(here) ? new DirectoryInfo(here) : new FileInfo(here);
        return entry.ResolveLinkTarget(returnFinalTarget: true) is { } target ? Resolved(target.FullName) : here;
    }

    private static IEnumerable<ReadOnlyBind> Runtime(string root) =>
        RuntimeParts.Select(part => new ReadOnlyBind(Path.Combine(root, part), $"{RuntimeInside}/{part}"));
}
