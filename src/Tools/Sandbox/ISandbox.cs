namespace McpInfra.Tools.Sandbox;

/// <summary>Where strangers' code runs: nothing of the host but what a request names, no network but a socket, bounded in everything, gone at the end.</summary>
public interface ISandbox
{
    /// <summary>Which kind it is.</summary>
    SandboxKind Kind { get; }

    /// <summary>Our own program's argument vector in it, up to our first argument.</summary>
    IReadOnlyList<string> Program { get; }

    /// <summary>Everything about it that a plan rests on, as one line of our own words.</summary>
    ValueTask<string> SettingsAsync(CancellationToken stop);

    /// <summary>Where a file or folder of the host is seen by what runs in it.</summary>
    string Shown(ReadOnlyBind bind);

    /// <summary>Whether it can run here; when not, how to get it.</summary>
    ValueTask<SandboxReadiness> ProbeAsync(CancellationToken stop);

    /// <summary>Opens a cage; disposing it ends everything that runs in it.</summary>
    /// <exception cref="SandboxException">It did not start.</exception>
    Task<Cage> OpenAsync(SandboxRequest request, CancellationToken stop);
}

/// <summary>Whether a sandbox can run here.</summary>
/// <param name="Ready">Whether it can.</param>
/// <param name="Remedy">What is missing and how to get it; empty when ready.</param>
public sealed record SandboxReadiness(bool Ready, string Remedy)
{
    /// <summary>It can run.</summary>
    public static SandboxReadiness Yes { get; } = new(true, "");
}

/// <summary>The sandbox failed or ended before its work was done; the message is our own words.</summary>
public sealed class SandboxException(string message, Exception? inner = null) : Exception(message, inner);
