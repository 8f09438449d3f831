using McpInfra.Graph;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Credentials;
using McpInfra.Guardrails.Manifests;
using McpInfra.Storage;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Plans.Engines.Terraform.Rules;
using McpInfra.Tools.Plans.State.Backends;
using McpInfra.Tools.Sandbox;

namespace McpInfra.Host.Settings;

/// <summary>Reads `mcp-infra.yaml`. Paths in it are relative to its folder.</summary>
public sealed class SettingsReader
{
    private static readonly Dictionary<string, string?> ContainerEngines = new() { ["podman"] = "podman", ["docker"] = "docker" };
    private static readonly Dictionary<string, SandboxKind> Sandboxes = Enum.GetValues<SandboxKind>().ToDictionary(kind => kind.ToString().ToLowerInvariant());
    private static readonly Dictionary<string, bool> AuditDurability = new() { ["all"] = true, ["changes"] = false };
    private static readonly Dictionary<string, Cloud> SourceClouds = SourceSettings.AwsKinds.ToDictionary(kind => kind, _ => Cloud.Aws)
        .Concat(new Dictionary<string, Cloud> { ["azure"] = Cloud.Azure, ["google"] = Cloud.Google, ["oci"] = Cloud.Oci, ["kubernetes"] = Cloud.Kubernetes }).ToDictionary();

    private static readonly Dictionary<string, string> SourceKinds = SourceClouds.Keys.Concat(SourceSettings.FileKinds).ToDictionary(kind => kind);
    private static readonly Dictionary<string, string> ForgeKinds = new[] { "local", "github" }.ToDictionary(kind => kind);
    private static readonly Dictionary<string, string> FolderKinds = new() { ["s3"] = "s3", ["azblob"] = "azurerm", ["gs"] = "gcs" };
    private static readonly Dictionary<string, string[]> FolderKeys = new() { ["s3"] = ["bucket", "region"], ["azurerm"] = ["storage_account_name", "container_name"], ["gcs"] = ["bucket"] };
    private static readonly Dictionary<string, string> Engines = new() { ["terraform"] = "terraform" };

    private readonly List<Fault> faults = [];
    private readonly string folder;
    private readonly string file;
    private readonly CredentialReader credentials;
    private readonly List<CloudCredential> sourceCredentials = [];
    private readonly Dictionary<string, BackendPlace> sourceBackends = [];

    private SettingsReader(string file)
    {
        this.file = Path.GetFullPath(file);
        folder = Path.GetDirectoryName(this.file)!;
        credentials = new CredentialReader(folder);
    }

    /// <summary>The settings of a file.</summary>
    /// <exception cref="SettingsException">With every fault of it and of the manifests that it names.</exception>
    public static Settings Read(string file) => new SettingsReader(file).Read();

    private Settings Read()
    {
        var map = ManifestMap.Read(file, faults) ?? throw new SettingsException(faults);
        var repositories = map.Maps("repositories").Select(ReadRepository).ToList();
        var agentsFolder = map.Text("agents") is { } named ? Absolute(named) : null;
        var store = map.Map("store");
        var agents = agentsFolder is null ? BuiltInAgents.All : AgentManifest.ReadFolder(agentsFolder, faults);
        var settings = new Settings
        {
            File = file,
            Organization = map.Text("organization") ?? "default",
            StateFolder = store?.Text("sqlite") is { } state ? Absolute(state) : StateFolder.Default,
            Postgres = ReadPostgres(store),
            Agents = agents,
            AgentsFolder = agentsFolder,
            Agent = ReadAgent(map, agents),
            Policies = map.Text("policies") is { } policies ? Absolute(policies) : null,
            Sources = [.. map.Maps("sources").Select(ReadSource)],
            SourceCredentials = sourceCredentials,
            SourceBackends = sourceBackends,
            Repositories = repositories,
            Terraform = EngineReader.Read(map.Map("engines")?.Map("terraform"), Absolute),
            Sandbox = map.Choice("sandbox", Sandboxes, SandboxKind.Bubblewrap),
            Container = ReadContainer(map.Map("container")),
            Onnx = DetectionReader.Read(map.Map("detection"), Absolute),
            DurableAudit = map.Map("audit")?.Choice("durable", AuditDurability, false) ?? false,
        };
        if (settings.Policies is { } policiesFolder && !Directory.Exists(policiesFolder))
        {
            map.Fault("policies", "names no folder");
        }

        Unique(map, "sources", settings.Sources.Select(source => source.Name));
        Unique(map, "repositories", settings.Repositories.Select(repository => repository.Name));
        map.Close();
        return faults.Count == 0 ? settings : throw new SettingsException([.. faults.OrderBy(fault => fault.File, StringComparer.Ordinal).ThenBy(fault => fault.Line)]);
    }

    private static string ReadAgent(ManifestMap map, IReadOnlyDictionary<string, AgentType> agents)
    {
        var agent = map.Text("agent") ?? BuiltInAgents.Default;
        if (!agents.ContainsKey(agent))
        {
            map.Fault("agent", $"must be one of {string.Join(", ", agents.Keys)}");
        }

        return agent;
    }

    private static ContainerSettings ReadContainer(ManifestMap? map)
    {
        if (map is null)
        {
            return new ContainerSettings();
        }

        var read = new ContainerSettings(map.Choice<string?>("engine", ContainerEngines, null), map.Text("image"));
        if (read.Image is { } image && (image[0] == '-' || !image.All(letter => char.IsAsciiLetterOrDigit(letter) || "._-/:@".Contains(letter, StringComparison.Ordinal))))
        {
            map.Fault("image", "must be an image's name, with its registry and tag or digest where it has them");
        }

        return read;
    }

    private static StoreConnection? ReadPostgres(ManifestMap? store)
    {
        if (store?.Text("postgres") is not { } connection)
        {
            return null;
        }

        if (store.Text("sqlite") is not null)
        {
            store.Fault("postgres", "and sqlite exclude each other; with PostgreSQL the state folder is MCP_INFRA_HOME's, else the user's own");
        }

        if (!Database.IsConnectionString(connection))
        {
            store.Fault("postgres", $"is no connection string; write it as {Database.ConnectionForm}");
        }

        return new StoreConnection(connection);
    }

    private SourceSettings ReadSource(ManifestMap map)
    {
        var kind = map.Choice("kind", SourceKinds, "", required: true);
        var source = new SourceSettings(map.Text("name", required: true) ?? "", kind) { Environment = map.Text("environment") };
        if (SourceClouds.TryGetValue(kind, out var cloud))
        {
            var read = new CloudSourceReader(credentials, sourceCredentials).Read(map, source, cloud);
            Unique(map, "accounts", read.Accounts.Select(account => account.Name));
            return read;
        }

        if (kind == "pulumi-state" && map.Map("backend") is { } backend)
        {
            sourceBackends.TryAdd(source.Name, ReadFolder(map, backend, source.Name)); // A name that is there twice is a fault of its own.
            return source;
        }

        // A Terraform state without a path is that of a registered stack, read from its backend.
        var ofStack = kind == "terraform-state" && map.Text("stack") is not null && map.Text("repository") is not null;
        return source with
        {
            Path = map.Text("path", required: !ofStack) is { } path ? Absolute(path) : null,
            Repository = map.Text("repository"),
            Stack = map.Text("stack"),
        };
    }

    private RepositorySettings ReadRepository(ManifestMap map)
    {
        var url = map.Text("url", required: true) ?? "";
        var name = map.Text("name", required: true) ?? "";
        return new RepositorySettings(
            name,
            url.Contains("://", StringComparison.Ordinal) ? ReadEndpoint(map, "url")?.ToString() ?? url : Absolute(url),
            ReadForge(map.Map("forge")),
            [.. map.Maps("stacks").Select(stack => ReadStack(stack, name))]);
    }

    private ForgeSettings ReadForge(ManifestMap? map)
    {
        if (map is null)
        {
            return new ForgeSettings("local");
        }

        var kind = map.Choice("kind", ForgeKinds, "local", required: true);
        if (kind == "local")
        {
            return new ForgeSettings(kind);
        }

        var app = map.Map("app");
        var token = map.Text("token_env");
        if (app is not null && token is not null)
        {
            map.Fault("token_env", "and app are two credentials for one address; leave one of them out");
        }

        return new ForgeSettings(kind, ReadEndpoint(map, "api") ?? new Uri("https://api.github.com"), ReadForgeRepository(map), app is null ? null : ReadApp(app), app is null ? token ?? "GITHUB_TOKEN" : null);
    }

    private static string? ReadForgeRepository(ManifestMap map)
    {
        var name = map.Text("repository", required: true);
        if (name is not null && (name.Count(letter => letter == '/') != 1 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./".Contains(letter, StringComparison.Ordinal)) || name.Split('/').Any(part => part is "" or "." or "..")))
        {
            map.Fault("repository", "must be owner/name");
        }

        return name;
    }

    private GitHubAppSettings ReadApp(ManifestMap map)
    {
        var installation = map.Number("installation", 1, int.MaxValue, 0);
        var key = Absolute(map.Text("key_file", required: true) ?? "");
        return new GitHubAppSettings(map.Number("id", 1, int.MaxValue, 0), installation == 0 ? null : installation, key);
    }

    private StackSettings ReadStack(ManifestMap map, string repository)
    {
        var path = (map.Text("path", required: true) ?? ".").TrimEnd('/');
        if (Path.IsPathRooted(path) || path.Split('/').Contains("..") || path.Contains('\\', StringComparison.Ordinal))
        {
            map.Fault("path", "must be a folder within the repository");
        }

        var egress = map.Texts("egress") ?? [];
        if (egress.Any(host => host.Split(':') is not [{ Length: > 0 }, var port] || !ushort.TryParse(port, out _)))
        {
            map.Fault("egress", "must be a list of host:port");
        }

        path = path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
        var issued = credentials.OfStack(map, $"{repository}/{path}");
        OneOwnerEach(map, egress, issued);
        return new StackSettings(path, map.Choice("engine", Engines, "terraform"), map.Text("environment"), egress)
        {
            Workspace = map.Text("workspace") ?? "default",
            State = map.Text("state"),
            Backend = ReadBackend(map.Map("backend")),
            Credentials = issued,
        };
    }

    // An endpoint belongs to nobody or to one credential; else a request could be signed for the wrong one.
    private static void OneOwnerEach(ManifestMap map, IReadOnlyList<string> egress, IReadOnlyList<CloudCredential> issued)
    {
        var plans = issued.Where(credential => credential.Intent is CredentialIntent.PlanStack).SelectMany(credential => credential.Endpoints.Distinct(StringComparer.OrdinalIgnoreCase));
        if (egress.Distinct(StringComparer.OrdinalIgnoreCase).Concat(plans).GroupBy(endpoint => endpoint, StringComparer.OrdinalIgnoreCase).Any(group => group.Count() > 1))
        {
            map.Fault("credentials", "has an endpoint that is in `egress` or in another cloud's `endpoints` too; leave it in one");
        }
    }

    private static Dictionary<string, string> ReadBackend(ManifestMap? map)
    {
        var named = map is null ? [] : BackendKeys.All.Select(key => (Key: key, Text: map.Text(key))).Where(pair => pair.Text is not null).ToDictionary(pair => pair.Key, pair => pair.Text!);
        foreach (var key in BackendKeys.Addresses.Where(named.ContainsKey))
        {
            ReadEndpoint(map!, key);
        }

        return named;
    }

    // A folder of Pulumi's stacks, in the object stores that `pulumi login` takes.
    private BackendPlace ReadFolder(ManifestMap source, ManifestMap map, string name)
    {
        if (source.Keys.Contains("path"))
        {
            source.Fault("path", "and backend are two places; leave one of them out");
        }

        var kind = map.Choice("kind", FolderKinds, "s3", required: true);
        foreach (var key in FolderKeys.GetValueOrDefault(kind, []))
        {
            map.Text(key, required: true);
        }

        var states = credentials.OfStates(source, CloudCredential.OwnerOf(name));
        sourceCredentials.AddRange(states);
        return new BackendPlace(kind, new Dictionary<string, string>(), new StackSettings(".") { Backend = ReadBackend(map), Credentials = states }, BackendPlace.Default) { Holder = "source" };
    }

    internal static string Existing(ManifestMap map, string key, string path)
    {
        if (!System.IO.File.Exists(path))
        {
            map.Fault(key, "names no file");
        }

        return path;
    }

    internal static Uri? ReadEndpoint(ManifestMap map, string key)
    {
        if (map.Text(key) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https") && uri.UserInfo.Length == 0)
        {
            return uri;
        }

        map.Fault(key, "must be an http or https address without a user or password in it");
        return null;
    }

    private static void Unique(ManifestMap map, string key, IEnumerable<string> names)
    {
        if (names.Where(name => name.Length > 0).GroupBy(name => name).Any(group => group.Count() > 1))
        {
            map.Fault(key, "has a name twice");
        }
    }

    private string Absolute(string path) => Path.GetFullPath(Path.Combine(folder, path));
}
