using McpInfra.Graph;
using McpInfra.Graph.Collectors.Documents;
using McpInfra.Guardrails.Agents;
using McpInfra.Guardrails.Injection.Onnx;
using McpInfra.Tools.Credentials;
using McpInfra.Tools.Git;
using McpInfra.Tools.Plans;
using McpInfra.Tools.Plans.State.Backends;
using McpInfra.Tools.Sandbox;

namespace McpInfra.Host.Settings;

/// <summary>Everything an operator can set, read once and validated whole.</summary>
public sealed record Settings
{
    /// <summary>The tenant.</summary>
    public string Organization { get; init; } = "default";

    /// <summary>Absolute path of the state folder.</summary>
    public required string StateFolder { get; init; }

    /// <summary>The PostgreSQL database that is the record; null for SQLite in the state folder.</summary>
    public StoreConnection? Postgres { get; init; }

    /// <summary>Agent types by name.</summary>
    public IReadOnlyDictionary<string, AgentType> Agents { get; init; } = BuiltInAgents.All;

    /// <summary>Absolute path of the folder of agent types; null for the built-in ones.</summary>
    public string? AgentsFolder { get; init; }

    /// <summary>The agent type of a server that is told none.</summary>
    public string Agent { get; init; } = BuiltInAgents.Default;

    /// <summary>Absolute path of the folder of policies; null for the built-in set.</summary>
    public string? Policies { get; init; }

    /// <summary>Sources of the graph.</summary>
    public IReadOnlyList<SourceSettings> Sources { get; init; } = [];

    /// <summary>The sources, and the documents of every registered repository.</summary>
    public IReadOnlyList<SourceSettings> AllSources => [.. Sources, .. Repositories.Select(repository => DocumentCollector.Source(repository.Name))];

    /// <summary>Credentials that sources are read with; a source of a cloud without one is read with the ambient chain.</summary>
    public IReadOnlyList<CloudCredential> SourceCredentials { get; init; } = [];

    /// <summary>Where sources lie that are folders of states in an object store, by the source's name.</summary>
    public IReadOnlyDictionary<string, BackendPlace> SourceBackends { get; init; } = new Dictionary<string, BackendPlace>();

    /// <summary>Every configured cloud credential, of sources and stacks.</summary>
    public IReadOnlyList<CloudCredential> Credentials => [.. SourceCredentials, .. Repositories.SelectMany(repository => repository.Stacks).SelectMany(stack => stack.Credentials)];

    /// <summary>Registered repositories.</summary>
    public IReadOnlyList<RepositorySettings> Repositories { get; init; } = [];

    /// <summary>The terraform engine.</summary>
    public EngineSettings Terraform { get; init; } = new();

    /// <summary>Where strangers' code runs.</summary>
    public SandboxKind Sandbox { get; init; } = SandboxKind.Bubblewrap;

    /// <summary>How containers run, where they are the sandbox.</summary>
    public ContainerSettings Container { get; init; } = new();

    /// <summary>A classifier of the operator's choice behind the built-in one; null for none.</summary>
    public OnnxSettings? Onnx { get; init; }

    /// <summary>Whether the begin of every call waits for the disk, not only of those above observe.</summary>
    public bool DurableAudit { get; init; }

    /// <summary>Whether the file was found in a folder, so that any change of it waits for `trust`.</summary>
    public bool IsFound { get; init; }

    /// <summary>The configuration file; null when there is none and the current folder is what there is.</summary>
    public string? File { get; init; }
}
