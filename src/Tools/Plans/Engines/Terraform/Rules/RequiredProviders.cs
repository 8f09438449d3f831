using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Every provider that the engine would install for a stack: declared, configured or used in any of its modules.</summary>
internal static class RequiredProviders
{
    public static IReadOnlyList<RequiredSource> Of(StackCode code) =>
        [.. code.Modules.SelectMany(Of).GroupBy(one => one.Source, one => one.Version, StringComparer.Ordinal)
            .Select(source => new RequiredSource(source.Key, [.. source.OfType<string>().Distinct()])).OrderBy(one => one.Source, StringComparer.Ordinal)];

    private static IEnumerable<(string Source, string? Version)> Of(CodeModule module)
    {
        var providers = ModuleProviders.Of(module);
        foreach (var (_, entry) in ModuleProviders.Required(module))
        {
            yield return (providers.Source(entry.Name), Version(entry.Value));
        }

        foreach (var placed in module.Blocks)
        {
            foreach (var block in Walk.Blocks(placed.Block.Body).Where(inner => inner.Type == "data" && placed.Block.Type == "check").Prepend(placed.Block))
            {
                if (block is { Type: "provider", Labels: [var name, ..] })
                {
                    yield return (providers.Source(name), (block.Body.Attribute("version")?.Value as HclExpression.Text)?.Value);
                }
                else if (block.Type is "resource" or "data" or "ephemeral" && ModuleProviders.Used(block).Name is { Length: > 0 } used)
                {
                    yield return (providers.Source(used), null);
                }
            }
        }
    }

    private static string? Version(HclExpression entry) => entry switch
    {
        HclExpression.Text { Value: var version } => version,
        HclExpression.Map { Items: var items } => items.Where(item => item.Key is HclExpression.Text { Value: "version" }).Select(item => (item.Value as HclExpression.Text)?.Value).LastOrDefault(),
        _ => null,
    };
}
