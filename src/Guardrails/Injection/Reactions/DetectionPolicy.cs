namespace McpInfra.Guardrails.Injection.Reactions;

/// <summary>What follows for an agent type when a text reads like orders to an agent, by who could have written it.</summary>
public sealed record DetectionPolicy
{
    /// <summary>The score from which a text is as good as certain: of attacks that are found, nineteen in twenty are above it.</summary>
    public const double High = 0.75;

    /// <summary>For our own words: not looked at unless the manifest says so.</summary>
    public Reaction Own { get; init; } = new(Consequence.Ignore, Consequence.Ignore);

    /// <summary>For what people of the organisation can write.</summary>
    public Reaction Tenant { get; init; } = new(Consequence.Ask, Consequence.Withhold);

    /// <summary>For what anyone can write.</summary>
    public Reaction Stranger { get; init; } = new(Consequence.Ask, Consequence.Withhold);

    /// <summary>For what calls are given. Arguments are refused or passed, never rewritten, so nothing of them is withheld: they are marked, asked about, or blocked.</summary>
    public Reaction Arguments { get; init; } = new(Consequence.Block, Consequence.Block);

    /// <summary>The reaction to texts of a trust; an unknown one is a stranger's.</summary>
    public Reaction Of(Trust trust) => trust switch
    {
        Trust.Own => Own,
        Trust.Tenant => Tenant,
        _ => Stranger,
    };
}
