using System.Text.Json;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>The providers that a state's resources name: the engine needs them even when the code no longer does.</summary>
internal static class StateProviders
{
    private const string Before = "provider[\"";

    /// <summary>Sources as the state writes them, each once.</summary>
    public static IReadOnlySet<string> Of(byte[] state)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        if (state.Length == 0)
        {
            return found;
        }

        var reader = new Utf8JsonReader(state, new JsonReaderOptions { MaxDepth = 256 });
        var isResources = false;
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
            {
                isResources = reader.ValueTextEquals("resources"u8);
            }
            else if (isResources && reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 3 } && reader.ValueTextEquals("provider"u8) && reader.Read() && reader.TokenType is JsonTokenType.String)
            {
                Add(found, reader.GetString()!);
            }
        }

        return found;
    }

    // `module.a.provider["registry.terraform.io/hashicorp/aws"].west`
    private static void Add(HashSet<string> found, string written)
    {
        var start = written.IndexOf(Before, StringComparison.Ordinal);
        var end = start < 0 ? -1 : written.IndexOf('"', start + Before.Length);
        if (end > 0)
        {
            found.Add(written[(start + Before.Length)..end]);
        }
    }
}
