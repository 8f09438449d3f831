namespace McpInfra.Guardrails;

/// <summary>What a plan would do, as numbers and names that rules decide on. Computed from the plan by code; holds no value of any resource.</summary>
public sealed record PlanFacts
{
    /// <summary>Resources that would be made.</summary>
    public long Creates { get; init; }

    /// <summary>Resources that would be changed in place.</summary>
    public long Updates { get; init; }

    /// <summary>Resources that would be destroyed and made anew.</summary>
    public long Replaces { get; init; }

    /// <summary>Resources that would be destroyed.</summary>
    public long Deletes { get; init; }

    /// <summary>Resources that the code would no longer manage, without destroying them.</summary>
    public long Forgets { get; init; }

    /// <summary>The engine's types of all these, sorted.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Of <see cref="Deletes"/>, those that hold what cannot be made anew: databases, buckets, keys, volumes.</summary>
    public long StatefulDeletes { get; init; }

    /// <summary>Of <see cref="Replaces"/>, the same.</summary>
    public long StatefulReplaces { get; init; }

    /// <summary>Resources that anybody could reach after it and not before.</summary>
    public long PublicExposure { get; init; }

    /// <summary>Resources by which somebody may do more after it than before.</summary>
    public long PermissionsWidened { get; init; }

    /// <summary>Resources that were encrypted and would no longer be, or in another way than before.</summary>
    public long EncryptionRemoved { get; init; }

    /// <summary>Resources made or changed that can bear tags.</summary>
    public long Taggable { get; init; }

    /// <summary>Tag keys that every one of these bears, sorted.</summary>
    public IReadOnlyList<string> TagsOnEvery { get; init; } = [];

    /// <summary>Resources in the graph that use what would change, directly or through others.</summary>
    public long Impact { get; init; }

    /// <summary>Changed, replaced or destroyed resources that the graph does not know, so that <see cref="Impact"/> leaves them out.</summary>
    public long ImpactUnknown { get; init; }

    /// <summary>What a month would cost more (less when negative), in US dollars by list price; null when no change has a known price.</summary>
    public decimal? CostDelta { get; init; }

    /// <summary>Resources made, changed or destroyed whose price is not known, so that <see cref="CostDelta"/> leaves them out.</summary>
    public long CostUnknown { get; init; }
}
