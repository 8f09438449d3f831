using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using McpInfra.Guardrails.Agents;
using McpInfra.Host.Composition;

namespace McpInfra.Host.Settings;

/// <summary>
/// Which found configurations a person has accepted, by the hash of the file and of every file that decides with it (agent types, policies, session policies and pool configurations of credentials, engine programs and their configuration).
/// Kept in $MCP_INFRA_HOME or the per-user folder, never in one that the file itself names.
/// </summary>
/// <param name="home">The folder of the record.</param>
public sealed class TrustedFiles(string home)
{
    private readonly string record = Path.Combine(home, "trusted.json");

    /// <summary>Whether the file, and every file it names, is as it was accepted.</summary>
    public bool Covers(string file)
    {
        try
        {
            return Read().TryGetValue(Path.GetFullPath(file), out var hash) && hash == HashOf(file);
        }
        catch (Exception exception) when (exception is SettingsException or IOException or UnauthorizedAccessException or JsonException)
        {
            return false; // What cannot be read has not been accepted.
        }
    }

    /// <summary>Records the file as it is now.</summary>
    /// <exception cref="SettingsException">The file has faults; nothing is recorded.</exception>
    public void Accept(string file)
    {
        var hash = HashOf(file);
        StateFolder.Ensure(home);
        var all = Read();
        all[Path.GetFullPath(file)] = hash;
        var temporary = record + "." + Guid.NewGuid().ToString("N");
        File.WriteAllText(temporary, JsonSerializer.Serialize(all));
        File.Move(temporary, record, overwrite: true);
    }

    /// <summary>The files that decide with a configuration, itself first.</summary>
    public static IReadOnlyList<string> FilesOf(string file)
    {
        var settings = SettingsReader.Read(file);
        return
        [
            Path.GetFullPath(file),
            .. Named(settings.AgentsFolder, AgentManifest.Files),
            .. Named(PolicyReload.NextFolder(settings) is { } next && Directory.Exists(next) ? next : null, folder => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]),
            .. Named(settings.Policies, folder => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]),
            .. settings.Credentials.SelectMany(credential => credential.Identity.Files).Distinct().Order(StringComparer.Ordinal).Where(File.Exists),
            .. settings.Onnx?.Files ?? [],
            .. new[] { settings.Terraform.CliConfig, Path.IsPathRooted(settings.Terraform.Path) ? settings.Terraform.Path : null }.OfType<string>(),
        ];
    }

    private static IReadOnlyList<string> Named(string? folder, Func<string, IReadOnlyList<string>> files) => folder is null ? [] : files(folder);

    private static string HashOf(string file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var named in FilesOf(file))
        {
            var bytes = File.ReadAllBytes(named);
            hash.AppendData(Encoding.UTF8.GetBytes($"{named.Length}:{named}{bytes.LongLength}:"));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private Dictionary<string, string> Read() =>
        File.Exists(record) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(record)) ?? [] : [];
}
