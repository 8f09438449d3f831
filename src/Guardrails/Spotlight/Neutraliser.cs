using System.Text.Json.Nodes;

namespace McpInfra.Guardrails.Spotlight;

/// <summary>Removes from answers what is not seen, and takes the effect out of others' links. Arguments are never passed through it.</summary>
public static class Neutraliser
{
    /// <summary>The text as a person sees it; others' text without live links.</summary>
    public static string Text(string text, Trust trust) => trust is Trust.Own ? Visible.Of(text) : Links.Defang(Visible.Of(text));

    /// <summary>The same for every string and key; the caller gives its node away.</summary>
    public static JsonNode? Json(JsonNode? node) => JsonStrings.Map(node, text => Text(text, Trust.Tenant));
}
