using System.Text.Json;
using System.Text.RegularExpressions;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Plans.Cloud.Bearer;
using McpInfra.Tools.Sandbox.Egress;

namespace McpInfra.Tools.Plans.Cloud.Google;

/// <summary>Keeps a run in its project, named by its id or by its number, in those of its state, and to their buckets.</summary>
internal sealed partial class GooglePins(GoogleUse use, Func<CancellationToken, ValueTask<Credential>> credential)
{
    private static readonly Endpoint Projects = new("cloudresourcemanager.googleapis.com", 443);

    private readonly GoogleBuckets buckets = new(use, credential);
    private string? number;

    /// <summary>Why a request leads elsewhere; null when it does not.</summary>
    public async ValueTask<string?> FaultAsync(GateRequest request, BearerAsked asked, CancellationToken stop)
    {
        var path = asked.Path!;
        foreach (var project in Named(path))
        {
            if (!IsOurs(project) && !GoogleReads.Shipped.IsOfImages(asked.Service, path, project) && !(project.All(char.IsAsciiDigit) && project == await NumberAsync(request, stop)))
            {
                return "it is of another project than the credential is pinned to";
            }
        }

        return asked.Service == "storage" && path.Segments is [_, _, "b", var bucket, ..] && !await buckets.HasAsync(bucket, request, stop) ? "the bucket is neither of the pinned project nor of the state" : null;
    }

    private bool IsOurs(string project) => project == use.Project || use.Projects.Contains(project);

    private static IEnumerable<string> Named(RequestPath path)
    {
        var at = path.Segments;
        var named = at.Select((segment, index) => (segment, index)).Where(pair => pair.segment == "projects" && pair.index + 1 < at.Count).Select(pair => at[pair.index + 1].Split(':')[0]);
        var asked = path.Query.Where(pair => pair.Name is "project" or "projectId" or "parent").Select(pair => pair.Value.StartsWith("projects/", StringComparison.Ordinal) ? pair.Value.Split('/')[1] : pair.Value);
        return named.Concat(asked).Select(one => one == "-" && at is [_, "projects", "-", "serviceAccounts", var account, ..] && Account().Match(account) is { Success: true } match ? match.Groups["project"].Value : one);
    }

    // Names of secrets and of accounts hold the number, and only the cloud knows which it is.
    private async ValueTask<string?> NumberAsync(GateRequest request, CancellationToken stop)
    {
        if (Volatile.Read(ref number) is { } known)
        {
            return known;
        }

        var asked = new ForwardedRequest("GET", $"/v1/projects/{use.Project}", [new("Accept", "application/json"), new("Authorization", "Bearer " + (await credential(stop)).Reveal())], default);
        var answer = await request.Outside.AskAsync(new CloudAction("cloudresourcemanager", "", "projects.get"), Projects, secure: true, asked, stop);
        try
        {
            using var read = JsonDocument.Parse(answer.Body);
            return answer.Status == 200 && read.RootElement.TryGetProperty("projectNumber", out var told) ? number = told.GetString()
                : throw new GateRefusedException(403, "it names a project by number, and that of the pinned one could not be asked; give the credential resourcemanager.projects.get");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // An account's name tells the project that it is of.
    [GeneratedRegex(@"^[a-z0-9-]+@(?<project>[a-z][a-z0-9-]{4,28}[a-z0-9])\.iam\.gserviceaccount\.com(?::[A-Za-z]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Account();
}
