using System.Net.Http.Headers;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Credentials;
using McpInfra.Tools.Plans.Engines.Terraform.Providers;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;

namespace McpInfra.Tools.Plans.Engines.Terraform.Modules;

/// <summary>Where modules may come from, and as whom their hosts are asked.</summary>
/// <param name="engine">What the operator allows, and the hosts that want a login.</param>
/// <param name="credentials">Issues the logins.</param>
public sealed class ModuleAccess(EngineSettings engine, ICredentials credentials)
{
    /// <summary>What code may use.</summary>
    public AllowedCode Allowed => engine.Allowed;

    /// <summary>The login of git at a repository; null when its host wants none.</summary>
    /// <exception cref="EngineException">It is not to be had.</exception>
    internal async ValueTask<AuthenticationHeaderValue?> OfGitAsync(string url, Caller caller, CancellationToken stop) =>
        HostOf(new Uri(url)) is { } host ? host.OfGit(await IssueAsync(host, caller, stop)) : null;

    /// <summary>What downloads of modules that begin at an origin may ask: it, and hosts on the list; each login goes to its own host alone.</summary>
    internal DownloadRules From(string origin, Caller caller) => new()
    {
        May = address => Allowed.AllowsHost(origin, address.Authority),
        Login = async (address, stop) => HostOf(address) is { } host ? new AuthenticationHeaderValue("Bearer", (await IssueAsync(host, caller, stop)).Reveal()) : null,
        Remedy = "Modules come from there as the code says; see that it is reachable, name a login in `engines.terraform.hosts` if it wants one, list what else it leads to in `engines.terraform.allow.modules`, or copy the module into the repository.",
    };

    private ModuleHost? HostOf(Uri address) => engine.Hosts.FirstOrDefault(host => address.Scheme == "https" && host.Host == address.Authority);

    private async ValueTask<Credential> IssueAsync(ModuleHost host, Caller caller, CancellationToken stop)
    {
        try
        {
            return await credentials.For(caller, CredentialIntent.ReadModules, host.Target, stop);
        }
        catch (CredentialException exception)
        {
            throw new EngineException(exception.Message, exception);
        }
    }
}
