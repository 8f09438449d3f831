namespace McpInfra.Tools.Sandbox;

/// <summary>Whether a sandbox runs here, found out by running it once.</summary>
internal sealed class Readiness
{
    private volatile bool ran;

    public async ValueTask<SandboxReadiness> OfAsync(ISandbox sandbox, string remedy, CancellationToken stop)
    {
        if (ran)
        {
            return SandboxReadiness.Yes;
        }

        try
        {
            await using var cage = await sandbox.OpenAsync(new SandboxRequest { Limits = new SandboxLimits { Time = TimeSpan.FromSeconds(20) } }, stop);
            await cage.RunAsync(new Step { Read = "absent" }, stop);
            ran = true;
            return SandboxReadiness.Yes;
        }
        catch (SandboxException exception)
        {
            return new(false, $"{exception.Message} {remedy}");
        }
    }
}
