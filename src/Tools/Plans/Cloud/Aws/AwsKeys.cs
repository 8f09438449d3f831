namespace McpInfra.Tools.Plans.Cloud.Aws;

/// <summary>An AWS key as requests are signed with it. Prints as its id alone.</summary>
/// <param name="id">Access key id.</param>
/// <param name="secret">Secret access key.</param>
/// <param name="token">Session token; null for a key without one.</param>
public sealed class AwsKeys(string id, string secret, string? token = null)
{
    /// <summary>Access key id.</summary>
    public string Id { get; } = id;

    internal string Secret { get; } = secret;

    internal string? Token { get; } = token;

    /// <inheritdoc/>
    public override string ToString() => $"[key {Id}]";
}
