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

    // As Vault and Nomad have one beside a role's or an accessor's id; elsewhere it is the name or number of a secret.
    internal static SecretKind Id { get; } = new("secret-id", false);

    internal static SecretKind Login { get; } = new("login", false);
}
