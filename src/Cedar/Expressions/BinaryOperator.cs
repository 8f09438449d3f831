namespace McpInfra.Cedar;

/// <summary>Operators and built-in methods of two operands.</summary>
internal enum BinaryOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    In,
    Contains,
    ContainsAll,
    ContainsAny,
    HasTag,
    GetTag,
}
