namespace McpInfra.Guardrails.Redaction;

/// <summary>What a name says of the value it holds.</summary>
/// <param name="Name">How its token names it.</param>
/// <param name="Any">True when any value that is not a placeholder or a reference is a secret; false when it must look random too.</param>
public sealed record SecretKind(string Name, bool Any)
{
    internal static SecretKind Password { get; } = new("password", true);

    internal static SecretKind Secret { get; } = new("secret", false);

    internal static SecretKind Token { get; } = new("token", false);

    internal static SecretKind Key { get; } = new("key", false);

    internal static SecretKind Login { get; } = new("login", false);
}
