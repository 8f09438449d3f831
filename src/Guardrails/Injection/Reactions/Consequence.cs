namespace McpInfra.Guardrails.Injection.Reactions;

/// <summary>What follows when a text reads like orders to an agent. Each does what those before it do, too.</summary>
public enum Consequence
{
    /// <summary>Nothing: the text is not looked at.</summary>
    Ignore,

    /// <summary>Its frame names it, and the answer begins with a warning.</summary>
    Mark,

    /// <summary>Draft operations of the session want a person from then on.</summary>
    Ask,

    /// <summary>A handle stands in its place, with which a person can read it.</summary>
    Withhold,

    /// <summary>The answer is refused as a whole; what a draft operation has done is told all the same.</summary>
    Block,
}
