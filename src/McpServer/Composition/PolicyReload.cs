using System.Text.Json.Nodes;
using McpInfra.Guardrails.Audit;
using McpInfra.Guardrails.Manifests;
using McpInfra.Guardrails.Policies;
using McpInfra.Host.Settings;
using Microsoft.Extensions.Logging;

namespace McpInfra.Host.Composition;

/// <summary>
/// Looks once a second whether the policies' files changed. A valid change takes effect whole, between calls, recorded first; one with faults is refused and the old set stays.
/// In a found configuration it waits for `trust`.
/// </summary>
internal sealed class PolicyReload(Settings.Settings settings, PoliciesInForce policies, IAuditTrail trail, TimeProvider time, ILogger<PolicyReload> log, string? home = null) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly string home = home ?? StateFolder.Default;
    private readonly CancellationTokenSource ending = new();
    private Task looking = Task.CompletedTask;
    private string seen = "";

    /// <summary>Where the set lies that is only tried: beside the folder of policies.</summary>
    public static string? NextFolder(Settings.Settings settings) => settings.Policies is { } folder ? Path.TrimEndingDirectorySeparator(folder) + ".next" : null;

    /// <summary>Records what is in force and begins to look; nothing without a folder of policies.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        if (settings.Policies is null)
        {
            return;
        }

        seen = Fingerprint();
        ReadNext();
        foreach (var warning in policies.Current.Warnings)
        {
            log.LogWarning("Policies: {Warning}", warning);
        }

        await RecordAsync("policy in force", new JsonObject { ["policies"] = policies.Version }, stop);
        looking = LookOnAsync();
    }

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken stop)
    {
        var now = Fingerprint();
        if (now == seen)
        {
            return;
        }

        seen = now;
        ReadNext();
        var faults = new List<Fault>();
        var changed = Rulebook.Read(settings.Policies, faults);
        if (faults.Count > 0)
        {
            log.LogError("The changed policies have {Count} faults and are refused; those of before stay in force:\n{Faults}", faults.Count, string.Join('\n', faults));
            await RecordAsync("policy refused", new JsonObject { ["policies"] = policies.Version, ["faults"] = new JsonArray([.. faults.Take(50).Select(fault => JsonValue.Create($"{Path.GetFileName(fault.File)}:{fault.Line}"))]) }, stop);
        }
        else if (changed.Version != policies.Version)
        {
            await TakeAsync(changed, stop);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await looking;
        ending.Dispose();
    }

    private async Task TakeAsync(Rulebook changed, CancellationToken stop)
    {
        // What is trusted is what lies there after it was read: read again, it must be the same.
        if (settings is { IsFound: true, File: { } file } && !(new TrustedFiles(home).Covers(file) && Rulebook.Read(settings.Policies, []).Version == changed.Version))
        {
            log.LogWarning("The policies changed and wait; those of before stay in force. Read them, then run: mcp-infra trust {File}", file);
            await RecordAsync("policy waits for trust", new JsonObject { ["policies"] = policies.Version, ["changed"] = changed.Version }, stop);
            return;
        }

        var widened = Widening.Of(policies.Current, changed);
        await RecordAsync("policy changed", new JsonObject
        {
            ["policies"] = changed.Version,
            ["previous"] = policies.Version,
            ["widens"] = new JsonArray([.. widened.Select(line => JsonValue.Create(line))]),
        }, stop);
        policies.Current = changed;
        log.LogWarning("The policies changed and are in force, version {Version}.{Widened}", changed.Version[..12], widened.Count == 0 ? "" : " WIDER: " + string.Join("; ", widened));
    }

    private void ReadNext()
    {
        var faults = new List<Fault>();
        var next = NextFolder(settings) is { } folder && Directory.Exists(folder) ? Rulebook.Read(folder, faults) : null;
        if (faults.Count > 0)
        {
            log.LogError("The policies that are only tried have faults and are left out:\n{Faults}", string.Join('\n', faults));
        }

        policies.Next = faults.Count == 0 ? next : null;
    }

    private async Task LookOnAsync()
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                await LookOnceAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
    }

    private async Task LookOnceAsync()
    {
        try
        {
            await LookAsync(ending.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError(exception, "The policies cannot be looked at; those of before stay in force.");
        }
    }

    private string Fingerprint()
    {
        var trusted = settings.IsFound ? Path.Combine(home, "trusted.json") : null;
        return string.Join('\n', new[] { settings.Policies, NextFolder(settings) }.SelectMany(Files).Append(trusted).OfType<string>().Select(file => Describe(new FileInfo(file))));
    }

    private static IEnumerable<string> Files(string? folder) =>
        folder is null ? [] : Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [folder];

    private static string Describe(FileInfo file) => file.Exists ? $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}" : $"{file.FullName} gone";

    private ValueTask RecordAsync(string what, JsonObject facts, CancellationToken stop) => trail.EventAsync(new AuditEntry
    {
        Call = "policy_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N"),
        Organization = settings.Organization,
        Operation = what,
        Arguments = facts,
    }, stop);
}
