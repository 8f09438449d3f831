using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using McpInfra.Host.Settings;
using Microsoft.AspNetCore.Http;

namespace McpInfra.Host.Edge.Http;

/// <summary>The one secret that opens the HTTP server: 256 random bits in a file that only its owner reads.</summary>
internal sealed class BearerToken
{
    private const string Scheme = "Bearer ";
    private const int Bytes = 32;
    private readonly byte[] hash;
    private readonly ClaimsPrincipal owner;

    private BearerToken(string token, string path)
    {
        (hash, Path) = (SHA256.HashData(Encoding.ASCII.GetBytes(token)), path);
        var name = $"token:{Environment.UserName}";
        owner = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, name), new Claim(ClaimTypes.Name, name)], "token"));
    }

    /// <summary>Where the token is.</summary>
    public string Path { get; }

    /// <summary>Reads the token of a state folder, or makes one.</summary>
    /// <exception cref="SettingsException">The file is open to others, or holds no token, or cannot be read.</exception>
    public static BearerToken Of(string stateFolder)
    {
        var path = System.IO.Path.Combine(stateFolder, "http-token");
        try
        {
            Make(path);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
            {
                throw new SettingsException($"The token in {path} can be read by others. Delete the file; the next start makes a new one.");
            }

            var token = File.ReadAllText(path).Trim();
            return token.Length >= Bytes ? new BearerToken(token, path) : throw new SettingsException($"{path} holds no token. Delete the file; the next start makes a new one.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The token file {path} cannot be read or made. Mend the permissions of the state folder.");
        }
    }

    /// <summary>Who sent the request, or null: nobody that we know.</summary>
    public ClaimsPrincipal? Authenticate(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { } value || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // Hashes are of one length, so that comparing takes the same time whatever was sent.
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(value[Scheme.Length..].Trim())), hash) ? owner : null;
    }

    private static void Make(string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        // Written aside and moved, so that several servers that start at once agree on one whole token.
        var aside = $"{path}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(aside, options))
        {
            file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes))));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(aside, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(aside);
        }
    }
}
