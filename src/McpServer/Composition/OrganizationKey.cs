using System.Security.Cryptography;
using System.Text;

namespace McpInfra.Host.Composition;

/// <summary>The organisation's key of tokens and keyed hashes: 32 random bytes in a 0600 file under the state folder's keys, made once.</summary>
internal static class OrganizationKey
{
    private const int Length = 32;

    /// <summary>The key; of several processes that make it at once, one wins.</summary>
    public static byte[] Of(string stateFolder, string organization)
    {
        var folder = Path.Combine(stateFolder, "keys");
        Settings.StateFolder.Ensure(folder);
        var path = Path.Combine(folder, $"tokens-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(organization)))[..16]}.key");
        return Read(path) ?? Make(path);
    }

    private static byte[]? Read(string path) =>
        !File.Exists(path) ? null
        : File.ReadAllBytes(path) is { Length: Length } key ? key
        : throw new Settings.SettingsException($"{path} is not a key of {Length} bytes. Restore it from a backup, or remove it: plans and tokens made with the old one are then void.");

    // Written whole under another name first: nobody ever reads half a key.
    private static byte[] Make(string path)
    {
        var own = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(own, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(Length));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(own, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(own);
        }

        return Read(path)!;
    }
}
