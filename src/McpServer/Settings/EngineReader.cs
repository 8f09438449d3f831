using McpInfra.Guardrails.Manifests;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Plans.Engines.Terraform.Modules;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;
using McpInfra.Tools.Sandbox;

namespace McpInfra.Host.Settings;

/// <summary>Reads `engines.terraform`.</summary>
internal static class EngineReader
{
    /// <param name="map">The section; null for none.</param>
    /// <param name="absolute">Makes a path absolute from the configuration's folder.</param>
    public static EngineSettings Read(ManifestMap? map, Func<string, string> absolute)
    {
        if (map is null)
        {
            return new EngineSettings();
        }

        var path = map.Text("path") ?? "terraform";
        var config = map.Text("cli_config") is { } named ? SettingsReader.Existing(map, "cli_config", absolute(named)) : null;
        return new EngineSettings(path.Contains('/', StringComparison.Ordinal) ? absolute(path) : path, config)
        {
            Allowed = ReadAllowed(map.Map("allow")),
            Hosts = [.. map.Maps("hosts").Select(ReadHost)],
            Limits = ReadLimits(map),
        };
    }

    private static SandboxLimits ReadLimits(ManifestMap map)
    {
        var limits = new SandboxLimits();
        limits = map.Number("memory_gb", 1, 1024, 0) is > 0 and var memory ? limits with { Memory = (long)memory << 30 } : limits;
        return map.Number("minutes", 1, 600, 0) is > 0 and var minutes ? limits with { Time = TimeSpan.FromMinutes(minutes), Processor = TimeSpan.FromMinutes(minutes) } : limits;
    }

    private static ModuleHost ReadHost(ManifestMap map)
    {
        var host = new ModuleHost(map.Text("host", required: true) ?? "", map.Text("token_env", required: true) ?? "", map.Text("user") ?? ModuleHost.AnyUser);
        if (!Uri.TryCreate($"https://{host.Host}/", UriKind.Absolute, out var address) || address.Authority != host.Host)
        {
            map.Fault("host", "must be a host's name in lower case, with its port unless it is 443");
        }

        return host;
    }

    private static AllowedCode ReadAllowed(ManifestMap? map)
    {
        if (map is null)
        {
            return new AllowedCode();
        }

        var allowed = new AllowedCode { Providers = map.Texts("providers") ?? [], Functions = map.Texts("functions") ?? [], Data = map.Texts("data") ?? ["*"] };
        allowed = map.Texts("modules") is { } modules ? allowed with { Modules = modules } : allowed;
        if (allowed.Providers.Any(source => !AllowedCode.IsSource(source)))
        {
            map.Fault("providers", "must be a list of namespace/name or host/namespace/name");
        }

        if (allowed.Functions.Any(function => function.Split("::") is not [var source, { Length: > 0 }] || !AllowedCode.IsSource(source)))
        {
            map.Fault("functions", "must be a list of namespace/name::function");
        }

        if (allowed.Modules.Any(modules => !AllowedCode.IsModules(modules)))
        {
            map.Fault("modules", "must be a list of namespace/name/system, host/namespace/name/system, git::https://host/path or https://host/path, with * for any");
        }

        return allowed;
    }
}
