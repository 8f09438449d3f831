using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>What tells, without reading it, that a file is still the one that was read: its size and times, and on Linux its inode and the time of its last change, which no one sets back.</summary>
internal static class FileStamp
{
    private const int Here = -100;
    private const int NotThroughLinks = 0x100;
    private const uint Basics = 0x7FF;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>One stamp of a package's files.</summary>
    public static string Of(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, path) in PackageFiles.Of(folder).OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            var file = new FileInfo(path);
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}\0{file.Length}\0{file.LastWriteTimeUtc.Ticks}\0{Kernel(path)}\n")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Whether only their owner, root or we, may write the package's files and folders.</summary>
    public static bool IsGuarded(string folder)
    {
        var folders = Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Append(folder);
        return folders.Concat(PackageFiles.Of(folder).Select(file => file.Path)).All(path => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersWrite) == 0 && IsOwned(path));
    }

    private static bool IsOwned(string path) => !OperatingSystem.IsLinux() || Read(path) is not { } read || Owner(read) is 0 || Owner(read) == geteuid();

    private static uint Owner(byte[] read) => BinaryPrimitives.ReadUInt32LittleEndian(read.AsSpan(20));

    // Inode, time of change and device, where the kernel's `struct statx` has them.
    private static string Kernel(string path) => OperatingSystem.IsLinux() && Read(path) is { } read ? Convert.ToHexString([.. read[32..40], .. read[96..108], .. read[136..144]]) : "";

    private static byte[]? Read(string path)
    {
        var read = new byte[256];
        return statx(Here, path, NotThroughLinks, Basics, read) == 0 ? read : null;
    }

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] read);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint geteuid();
}
