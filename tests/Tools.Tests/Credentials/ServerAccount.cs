using Xunit;

namespace McpInfra.Tools.Tests.Credentials;

/// <summary>The account that the server runs as: its environment and files are the process's, so its tests run one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ServerAccount : IDisposable, ICollectionFixture<ServerAccount>
{
    public const string Name = "the server's account";

    /// <summary>Stands for every secret that must not be seen.</summary>
    public const string Canary = "canary7f31c0de";

    private readonly Dictionary<string, string?> before = [];

    public ServerAccount()
    {
        var profiles = Path.Combine(Folder, "aws-credentials");
        File.WriteAllText(profiles, $"""
            [base]
            aws_access_key_id = AKIAIOSFODNN7PROFILE
            aws_secret_access_key = {Canary}-profile
            """);
        File.WriteAllText(Path.Combine(Folder, "aws-config"), "");
        Set("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7AMBIENT");
        Set("AWS_SECRET_ACCESS_KEY", $"{Canary}-ambient");
        Set("AWS_SHARED_CREDENTIALS_FILE", profiles);
        Set("AWS_CONFIG_FILE", Path.Combine(Folder, "aws-config"));
        Set("AWS_EC2_METADATA_DISABLED", "true");
        foreach (var name in (string[])["AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_WEB_IDENTITY_TOKEN_FILE"])
        {
            Set(name, null);
        }
    }

    /// <summary>A folder of its own.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("mcp-infra-account-").FullName;

    public void Set(string name, string? value)
    {
        before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>Writes a file that only this account reads.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }

    public void Dispose()
    {
        foreach (var (name, value) in before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        Directory.Delete(Folder, recursive: true);
    }
}
