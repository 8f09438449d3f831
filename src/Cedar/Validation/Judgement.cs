namespace McpInfra.Cedar;

/// <summary>
/// What the validator learns of an expression: its type (null when it has none, which was reported), and what is known to exist
/// if it is true.
/// </summary>
internal readonly record struct Judgement(CedarType? Type, Capabilities Known)
{
    public static implicit operator Judgement(CedarType? type) => new(type, Capabilities.None);

    public bool IsTrue => Type is BooleanType { Known: true };

    public bool IsFalse => Type is BooleanType { Known: false };
}
