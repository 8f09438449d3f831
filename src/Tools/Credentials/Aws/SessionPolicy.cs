using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace McpInfra.Tools.Credentials.Aws;

/// <summary>What narrows the session of an assumed role: it may do what its role may do and this allows.</summary>
/// <param name="Inline">A policy document.</param>
/// <param name="Managed">Name of one of AWS's own policies whose permissions are allowed besides; null for none.</param>
public sealed record SessionPolicy(string Inline, string? Managed = null)
{
    /// <summary>Characters of a document that STS takes, spaces not counted, by its documentation of AssumeRole.</summary>
    public const int MostCharacters = 2048;

    /// <summary>Reads a policy file.</summary>
    /// <param name="file">Absolute path.</param>
    /// <param name="policy">The policy, in its shortest form.</param>
    /// <param name="fault">What is wrong with it, in our own words.</param>
    public static bool TryRead(string file, [NotNullWhen(true)] out SessionPolicy? policy, [NotNullWhen(false)] out string? fault)
    {
        policy = null;
        try
        {
            if (new FileInfo(file).Length > 1 << 16)
            {
                fault = "names a file that is no policy of 2048 characters";
                return false;
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var text = JsonSerializer.Serialize(document.RootElement);
            fault = !document.RootElement.TryGetProperty("Statement", out _) ? "names a file that is no policy: it has no Statement"
                : text.Length > MostCharacters ? $"names a policy of {text.Length} characters; {MostCharacters} are allowed"
                : null;
            policy = fault is null ? new SessionPolicy(text) : null;
            return fault is null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            fault = exception is JsonException or InvalidOperationException ? "names a file that is no JSON policy" : "names no file that can be read";
            return false;
        }
    }
}
