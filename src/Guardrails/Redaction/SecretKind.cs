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

    // Of an owner nobody told us of, so that it must be long too.
    internal static SecretKind SomeKey { get; } = new("key", false);

    // Words in a row are one.
    internal static SecretKind Phrase { get; } = new("password", true);

    // A few digits, or groups of letters and digits.
    internal static SecretKind Code { get; } = new("code", false);

    internal static SecretKind Login { get; } = new("login", false);
}
