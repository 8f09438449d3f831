using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using McpInfra.Tools.Sandbox;

namespace McpInfra.Tools.Plans.Engines.Terraform.Providers;

/// <summary>What tells, without reading it, that a file is still the one that was read: its size and times, and on Linux its inode and the time of its last change, which no one sets back.</summary>
internal static class FileStamp
{
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
        return folders.Concat(PackageFiles.Of(folder).Select(file => file.Path)).All(path => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersWrite) == 0 && Ownership.IsOursOrRoots(path));
    }

    // Inode, time of change and device, where the kernel's `struct statx` has them.
    private static string Kernel(string path) => Ownership.Status(path) is { } read ? Convert.ToHexString([.. read[32..40], .. read[96..108], .. read[136..144]]) : "";
}
