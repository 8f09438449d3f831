using System.Text.Json;

namespace McpInfra.Graph.Collectors.State;

/// <summary>One managed object of a state.</summary>
/// <param name="Module">Module path, empty for the root: `module.a["x"]`.</param>
/// <param name="Type">Terraform type.</param>
/// <param name="Name">Name in code.</param>
/// <param name="Key">Instance key as written in an address: `[0]`, `["x"]`, or empty.</param>
/// <param name="Attributes">As the provider gave them, secrets included.</param>
/// <param name="Sensitive">Paths of attributes that are sensitive.</param>
/// <param name="Dependencies">Addresses without instance keys, direct and indirect ones.</param>
internal sealed record StateInstance(
    string Module, string Type, string Name, string Key, JsonElement Attributes, IReadOnlyList<string> Sensitive, IReadOnlyList<string> Dependencies)
{
    /// <summary>Address without the instance key, as dependencies name it.</summary>
    public string Block { get; init; } = Module.Length > 0 ? $"{Module}.{Type}.{Name}" : $"{Type}.{Name}";

    /// <summary>The engine, which is also the provider of what only it knows.</summary>
    public string Engine { get; init; } = "terraform";

    /// <summary>aws, azure, gcp, oci, kubernetes, or the engine.</summary>
    public string Provider => TerraformTypes.Provider(Type) is "terraform" ? Engine : TerraformTypes.Provider(Type);

    /// <summary>Whole address.</summary>
    public string Address => Block + Key;

    /// <summary>A string attribute that is there, not empty, not sensitive and not like a secret; else null.</summary>
    public string? Text(string attribute) =>
        Attributes.ValueKind is JsonValueKind.Object && Attributes.TryGetProperty(attribute, out var value) && value.ValueKind is JsonValueKind.String
        && value.GetString() is { Length: > 0 } text && !IsSensitive(attribute) && !SecretShapes.IsSecretValue(text) ? text : null;

    /// <summary>Whether the attribute, or what holds it, is marked sensitive.</summary>
    public bool IsSensitive(string path) => Sensitive.Any(marked => path == marked || path.StartsWith(marked + ".", StringComparison.Ordinal));

    /// <summary>Whether something within the attribute is marked sensitive.</summary>
    public bool HoldsSensitive(string path) => IsSensitive(path) || Sensitive.Any(marked => marked.StartsWith(path + ".", StringComparison.Ordinal));
}
