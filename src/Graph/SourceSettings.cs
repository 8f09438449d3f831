namespace McpInfra.Graph;

/// <summary>A configured source of the graph.</summary>
/// <param name="Name">Unique among sources.</param>
/// <param name="Kind">One of <see cref="FileKinds"/> or <see cref="AwsKinds"/>, "azure", "google", "oci", "kubernetes", or "documents", which every registered repository is.</param>
public sealed record SourceSettings(string Name, string Kind)
{
    /// <summary>Kinds that are files on this machine, read without a credential; a state may lie in a backend instead.</summary>
    public static IReadOnlyList<string> FileKinds { get; } = ["terraform-state", "sarif", "ocsf", "asff", "prowler", "checkov", "trivy", "defender", "focus", "pulumi-state", "arm-deployment"];

    /// <summary>Kinds that are an engine's state, whose word of a resource counts after a cloud's.</summary>
    public static IReadOnlyList<string> StateKinds { get; } = ["terraform-state", "pulumi-state", "arm-deployment"];

    /// <summary>Kinds that are read from AWS, with its credentials.</summary>
    public static IReadOnlyList<string> AwsKinds { get; } = ["aws", "aws-security-hub", "aws-cost-explorer", "aws-cloudformation"];

    /// <summary>Whether it is files on this machine, or a registered repository.</summary>
    public bool IsFiles => (FileKinds.Contains(Kind) && (Path is not null || Kind is not ("terraform-state" or "pulumi-state"))) || Kind == "documents";

    /// <summary>Absolute path of a file or folder, for sources that are one.</summary>
    public string? Path { get; init; }

    /// <summary>Registered repository whose code the source's state or findings speak of.</summary>
    public string? Repository { get; init; }

    /// <summary>Stack folder within that repository that a state belongs to; null searches for it.</summary>
    public string? Stack { get; init; }

    /// <summary>Environment of everything in this source that does not say its own.</summary>
    public string? Environment { get; init; }

    /// <summary>What is read with a credential of its own; of a cloud, at least one.</summary>
    public IReadOnlyList<AccountSettings> Accounts { get; init; } = [];
}
