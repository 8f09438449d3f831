using System.Text.Json;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Google;

/// <summary>
/// Buckets that a run may ask about: those of the pinned project, which are listed once, and those that the state has. A bucket's name tells no project, and the owner of any other could read in
/// its audit log that it was asked for.
/// </summary>
internal sealed class GoogleBuckets(GoogleUse use, Func<CancellationToken, ValueTask<Credential>> credential)
{
    private const int MostPages = 50;

    private readonly Lock gate = new();
    private Task<HashSet<string>>? own;

    /// <summary>Whether the bucket may be asked about.</summary>
    /// <exception cref="GateRefusedException">The project's buckets could not be listed.</exception>
    public async ValueTask<bool> HasAsync(string bucket, GateRequest request, CancellationToken stop) =>
        use.Buckets.Contains(bucket) || (await OwnAsync(use.Project, request).WaitAsync(stop)).Contains(bucket);

    // Asked by whoever comes first, for all; an answer that failed is asked again.
    private Task<HashSet<string>> OwnAsync(string project, GateRequest request)
    {
        lock (gate)
        {
            return own is null || own.IsFaulted || own.IsCanceled ? own = ListAsync(project, request) : own;
        }
    }

    private async Task<HashSet<string>> ListAsync(string project, GateRequest request)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        string? next = "";
        for (var page = 0; page < MostPages && next is not null; page++)
        {
            var target = $"/storage/v1/b?project={Uri.EscapeDataString(project)}&maxResults=1000&fields=items(name)%2CnextPageToken{(next.Length > 0 ? "&pageToken=" + Uri.EscapeDataString(next) : "")}";
            var asked = new ForwardedRequest("GET", target, [new("Accept", "application/json"), new("Authorization", "Bearer " + (await credential(CancellationToken.None)).Reveal())], default);
            next = Read(await request.Outside.AskAsync(new CloudAction("storage", "", "b.list"), request.Endpoint, request.IsSecure, asked, CancellationToken.None), found);
        }

        return found;
    }

    private static string? Read(GateReply answer, HashSet<string> into)
    {
        try
        {
            using var page = JsonDocument.Parse(answer.Status == 200 ? answer.Body : throw Unlisted());
            if (page.RootElement.TryGetProperty("items", out var items))
            {
                into.UnionWith(items.EnumerateArray().Select(item => item.GetProperty("name").GetString()!));
            }

            return page.RootElement.TryGetProperty("nextPageToken", out var next) ? next.GetString() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Unlisted();
        }
    }

    private static GateRefusedException Unlisted() =>
        new(403, "the state does not have this bucket, and the project's own could not be listed; give the credential storage.buckets.list");
}
