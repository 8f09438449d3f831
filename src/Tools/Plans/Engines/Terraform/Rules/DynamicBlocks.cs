using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Blocks that resources write by `dynamic`, as `type.name.block`: the plan's JSON leaves them out of what code writes.</summary>
internal static class DynamicBlocks
{
    public static IReadOnlySet<string> Of(StackCode code) =>
        (from module in code.Modules
         from placed in module.Of("resource")
         where placed.Block.Labels.Count == 2
         from name in Names(placed.Block.Body)
         select $"{placed.Block.Labels[0]}.{placed.Block.Labels[1]}.{name}").ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Names(HclBody body) =>
        body.Blocks.Where(block => block is { Type: "dynamic", Labels.Count: > 0 }).Select(block => block.Labels[0]);
}
