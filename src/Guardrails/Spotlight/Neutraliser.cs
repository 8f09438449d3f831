using System.Text.Json.Nodes;

namespace McpInfra.Guardrails.Spotlight;

/// <summary>Removes from answers what is not seen, and takes the effect out of others' links. Arguments are never passed through it.</summary>
public static class Neutraliser
{
    /// <summary>The text as a person sees it; others' text without links that lead elsewhere than to the hosts.</summary>
    public static string Text(string text, Trust trust, params IReadOnlyList<string> hosts) => trust is Trust.Own ? Visible.Of(text) : Links.Defang(Visible.Of(text), hosts);

    /// <summary>The same for every string and key, as tenant's text; the caller gives its node away.</summary>
    public static JsonNode? Json(JsonNode? node, params IReadOnlyList<string> hosts) => JsonStrings.Map(node, text => Text(text, Trust.Tenant, hosts));
}
