using Xunit;

namespace McpInfra.Graph.Tests.Aws;

/// <summary>The environment a source's ambient credentials come from, which is the process's: its tests run one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AwsCredentials : IDisposable, ICollectionFixture<AwsCredentials>
{
    public const string Name = "AWS credentials";

    private static readonly (string Name, string? Value)[] Emulated =
    [
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "wire-secret-of-the-test"), ("AWS_SESSION_TOKEN", null), ("AWS_PROFILE", null),
        ("AWS_REGION", null), ("AWS_DEFAULT_REGION", null), ("AWS_EC2_METADATA_DISABLED", "true"), ("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials"),
        ("AWS_CONFIG_FILE", "/nonexistent/config"), ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", null), ("AWS_CONTAINER_CREDENTIALS_FULL_URI", null), ("AWS_WEB_IDENTITY_TOKEN_FILE", null),
    ];

    private readonly (string Name, string? Value)[] _before = [.. Emulated.Select(v => (v.Name, Environment.GetEnvironmentVariable(v.Name)))];

    public AwsCredentials() => Set(Emulated);

    public static void Set(params IEnumerable<(string Name, string? Value)> variables)
    {
        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    public static void Restore() => Set(Emulated);

    public void Dispose() => Set(_before);
}
