using System.Security.Cryptography;
using System.Text.Json;

namespace McpInfra.Tools.Plans.State;

/// <summary>A stack's state, as it was read: never locked, never written.</summary>
/// <param name="Bytes">The file; null when there is none.</param>
/// <param name="Lineage">Its lineage; empty when there is none.</param>
/// <param name="Serial">Its serial; 0 when there is none.</param>
public sealed record StackState(byte[]? Bytes, string Lineage, long Serial)
{
    private const int Version = 4;
    private const int MostLevels = 256;

    private string? hash;

    /// <summary>There is none.</summary>
    public static StackState None { get; } = new(null, "", 0);

    /// <summary>Where it was read, in our own words.</summary>
    public string Origin { get; init; } = "local file";

    /// <summary>What the engine calls its workspace; null for what the stack's settings say.</summary>
    public string? Workspace { get; init; }

    /// <summary>Whether somebody held its lock when it was read; null when its backend does not tell.</summary>
    public bool? Locked { get; init; }

    /// <summary>SHA-256 of the bytes, hexadecimal; "none" when there is none.</summary>
    public string Hash => hash ??= Bytes is null ? "none" : Convert.ToHexStringLower(SHA256.HashData(Bytes));

    /// <summary>Reads a state's bytes to their end, so that a cut file is found, without building a tree of them.</summary>
    /// <exception cref="StateException">They are none.</exception>
    public static StackState Parse(byte[] bytes)
    {
        try
        {
            return Read(bytes);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new StateException("The stack's state is cut or not a Terraform state. Restore it from its backup, or run `terraform state pull` to see it whole.", exception);
        }
    }

    private static StackState Read(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MostLevels });
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
        {
            throw NoState();
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var (version, lineage, serial, encrypted) = ((int?)null, "", 0L, false);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!names.Add(name))
            {
                throw NoState(); // Readers differ in which of two they believe.
            }

            reader.Read();
            switch (name)
            {
                case "version":
                    version = reader.GetInt32();
                    break;
                case "lineage":
                    lineage = reader.GetString() ?? "";
                    break;
                case "serial":
                    serial = reader.GetInt64();
                    break;
                case "encrypted_data" or "encryption_version":
                    encrypted = true;
                    reader.Skip();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (reader.Read())
        {
            throw NoState();
        }

        return encrypted ? throw new StateException("The stack's state is encrypted by its engine, and it is not decrypted here. Name a decrypted copy in the stack's `state` in mcp-infra.yaml.")
            : version is null ? throw NoState()
            : version != Version ? throw new StateException($"The stack's state has version {version}; version {Version} (Terraform 0.12 and later) can be read. {(version < Version ? "Upgrade it with `terraform apply -refresh-only`." : "Plan it with a newer mcp-infra.")}")
            : !names.Contains("lineage") || !names.Contains("serial") ? throw NoState()
            : new StackState(bytes, lineage, serial);
    }

    private static StateException NoState() =>
        new("The stack's state is not a Terraform state. Name the right place in its backend or in the stack's `state`, or restore it from its backup.");
}
