using System.Text.Json.Nodes;

namespace McpInfra.Graph;

/// <summary>One thing in a cloud, in the one shape for every provider. Never holds a secret value.</summary>
public sealed record Resource
{
    /// <summary>ARN, Azure id, GCP self-link, OCID, Kubernetes uid; for what has none, `provider:type:account:id`.</summary>
    public required string Id { get; init; }

    /// <summary>The provider's own type: `AWS::S3::Bucket`, `Microsoft.Storage/storageAccounts`, `apps/Deployment`, or the engine's for what only an engine knows (`terraform_data`).</summary>
    public required string Type { get; init; }

    /// <summary>The name people use; the id's last part when there is none.</summary>
    public required string Name { get; init; }

    /// <summary>aws, azure, gcp, oci, kubernetes, terraform.</summary>
    public required string Provider { get; init; }

    /// <summary>Account, subscription, project, compartment or cluster.</summary>
    public string? Account { get; init; }

    /// <summary>Region or location; null for global.</summary>
    public string? Region { get; init; }

    /// <summary>The provider's state word ("available", "running").</summary>
    public string? Status { get; init; }

    /// <summary>prod, staging, … by tag (`environment`, `env`, `stage`, any case) or by source.</summary>
    public string? Environment { get; init; }

    /// <summary>Tags or labels.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Other ids by which it is known: short ids, URLs, aliases.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The facts that matter, in the provider's own names.</summary>
    public JsonObject Configuration { get; init; } = [];
}
