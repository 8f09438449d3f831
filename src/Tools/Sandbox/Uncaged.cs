using System.Diagnostics;

namespace McpInfra.Tools.Sandbox;

/// <summary>No sandbox, because the operator's configuration says so: plans run with the server's rights and network, in a fresh folder, without the server's environment.</summary>
/// <param name="program">Our own executable.</param>
public sealed class Uncaged(OwnProgram program) : ISandbox
{
    /// <inheritdoc/>
    public SandboxKind Kind => SandboxKind.None;

    /// <inheritdoc/>
    public IReadOnlyList<string> Program => [.. program.Outside.SkipLast(1)];

    /// <inheritdoc/>
    public ValueTask<string> SettingsAsync(CancellationToken stop) => new("none: plans run with the server's rights");

    /// <inheritdoc/>
    public string Shown(ReadOnlyBind bind) => bind.Source;

    /// <inheritdoc/>
    public ValueTask<SandboxReadiness> ProbeAsync(CancellationToken stop) => new(SandboxReadiness.Yes);

    /// <inheritdoc/>
    public Task<Cage> OpenAsync(SandboxRequest request, CancellationToken stop)
    {
        var work = RunFolder.Create();
        var start = new ProcessStartInfo(program.Outside[0], program.Outside.Skip(1)) { WorkingDirectory = work };
        start.Environment.Clear();
        foreach (var name in RunnerEnvironment.Variables.Where(pair => pair.Key is not ("DOTNET_ROOT" or "TMPDIR" or "DOTNET_BUNDLE_EXTRACT_BASE_DIR")))
        {
            start.Environment[name.Key] = name.Value;
        }

        var opening = new Opening(OwnProgram.Resolved(work), null, Confine: false, request.EgressSocket, request.Environment, request.Limits);
        return Cage.OpenAsync(start, opening, stop, () => Task.Run(() => Directory.Delete(work, recursive: true)), ControlGroup.Open(request.Limits)); // Deletes links, never what they lead to.
    }
}
