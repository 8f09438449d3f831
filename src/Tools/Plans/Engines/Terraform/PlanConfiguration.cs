using System.Text.Json.Nodes;
using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform;

/// <summary>The code as the plan's JSON tells it: which attributes are written, and what they refer to.</summary>
/// <param name="configuration">The plan's `configuration`.</param>
internal sealed class PlanConfiguration(JsonNode? configuration)
{
    private const int MostSteps = 20;

    /// <summary>What an attribute's expression refers to, as addresses from the root without keys; null when code does not write it, or what it refers to cannot be followed.</summary>
    /// <param name="address">The resource.</param>
    /// <param name="attribute">An attribute or block at its top.</param>
    /// <param name="isWritten">Whether code writes it at all.</param>
    public IReadOnlyList<string>? References(string address, string attribute, out bool isWritten)
    {
        isWritten = true;
        if (CodeAddress.WithoutKeys(address) is not { } plain || Resource(plain, out var modules) is not { } resource)
        {
            return null;
        }

        isWritten = resource["expressions"]?[attribute] is not null;
        return isWritten ? Followed(resource["expressions"]![attribute]!, modules, MostSteps) : null;
    }

    private JsonNode? Resource(string address, out IReadOnlyList<string> modules)
    {
        var parts = address.Split('.');
        var names = new List<string>();
        while (parts.Length > names.Count * 2 + 1 && parts[names.Count * 2] == "module")
        {
            names.Add(parts[(names.Count * 2) + 1]);
        }

        modules = names;
        var own = string.Join('.', parts.Skip(names.Count * 2));
        return (Module(names)?["resources"] as JsonArray ?? []).FirstOrDefault(resource => resource!["address"]?.GetValue<string>() == own);
    }

    private JsonNode? Module(IEnumerable<string> names) => names.Aggregate(configuration?["root_module"], (module, name) => module?["module_calls"]?[name]?["module"]);

    private List<string>? Followed(JsonNode expression, IReadOnlyList<string> modules, int left)
    {
        var found = new List<string>();
        foreach (var reference in Named(expression))
        {
            if (left == 0)
            {
                return null;
            }

            if (reference.StartsWith("var.", StringComparison.Ordinal) && modules.Count > 0)
            {
                // What the module was called with, in the module that calls it.
                var outer = modules.SkipLast(1).ToList();
                var given = Module(outer)?["module_calls"]?[modules[^1]]?["expressions"]?[reference.Split('.')[1]];
                if (given is not null)
                {
                    if (Followed(given, outer, left - 1) is not { } further)
                    {
                        return null;
                    }

                    found.AddRange(further);
                }
            }
            else if (reference.StartsWith("local.", StringComparison.Ordinal) || reference.StartsWith("module.", StringComparison.Ordinal))
            {
                return null; // The plan does not tell what these lead to.
            }
            else
            {
                found.Add(string.Concat(modules.Select(module => $"module.{module}.")) + reference);
            }
        }

        return found;
    }

    private static IEnumerable<string> Named(JsonNode? expression) => expression switch
    {
        JsonObject fields when fields["references"] is JsonArray references => references.Select(reference => reference!.GetValue<string>()),
        JsonObject fields => fields.SelectMany(field => Named(field.Value)),
        JsonArray items => items.SelectMany(Named),
        _ => [],
    };
}
