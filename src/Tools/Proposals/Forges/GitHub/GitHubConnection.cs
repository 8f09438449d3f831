using System.Net;
using McpInfra.Tools.Git;
using Octokit;
using Octokit.Internal;

namespace McpInfra.Tools.Proposals.Forges.GitHub;

/// <summary>A client of one forge's API with one credential, for one operation.</summary>
internal static class GitHubConnection
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>The client; its base address is the configuration's and nobody else's.</summary>
    public static GitHubClient Open(ForgeSettings forge, string token, AuthenticationType kind, CancellationToken stop)
    {
        var api = new Uri((forge.Api ?? new Uri("https://api.github.com")).ToString().TrimEnd('/') + "/");
        if (api.Scheme != Uri.UriSchemeHttps && !api.IsLoopback)
        {
            throw new ForgeException("The forge's API is not https, and a credential does not travel in the clear. Correct `forge.api` in the configuration.");
        }

        var http = new HttpClientAdapter(() => new OneHost(api, stop));
        http.SetRequestTimeout(Deadline);
        return new GitHubClient(new Connection(
            new ProductHeaderValue("mcp-infra"), api, new InMemoryCredentialStore(new Octokit.Credentials(token, kind)), http, new SimpleJsonSerializer()));
    }

    /// <summary>Runs work against the forge and turns its failures into ones that say what mends them; nothing of the forge's words or of the request is in them.</summary>
    public static async ValueTask<T> AskAsync<T>(Func<Task<T>> work, CancellationToken stop)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException exception) when (!stop.IsCancellationRequested)
        {
            throw new ForgeException("The forge did not answer in time. Try again.", exception);
        }
        catch (HttpRequestException exception)
        {
            throw new ForgeException("The forge cannot be reached. Check `forge.api` in the configuration and the network.", exception);
        }
        catch (RateLimitExceededException exception)
        {
            throw new ForgeException("The forge's rate limit is reached. Try again when it has been renewed, at most an hour from now.", exception);
        }
        catch (ApiException exception)
        {
            throw new ForgeException(Meaning(exception.StatusCode), exception);
        }
    }

    private static string Meaning(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "The forge did not accept the credential. Check that the App's id and key, or the token, are right and not revoked.",
        HttpStatusCode.Forbidden => "The credential may not do this, or its rate limit is reached. It needs contents: write, pull requests: write and metadata: read on this repository.",
        HttpStatusCode.NotFound => "The forge does not know the repository, or the credential does not reach it. Check `forge.repository`, and that the App is installed there.",
        HttpStatusCode.UnprocessableEntity => "The forge refused the request as invalid. Check the repository's rules for branch names, and that the App has the permissions that it asks for.",
        HttpStatusCode.Conflict => "The forge says that the repository is empty or being changed. Try again.",
        >= HttpStatusCode.InternalServerError => "The forge failed. Try again later; what was begun is gone on with.",
        _ => $"The forge answered with status {(int)status}. Check `forge.api` and `forge.repository` in the configuration.",
    };
}
