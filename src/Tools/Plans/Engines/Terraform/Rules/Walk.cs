using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Everything within a block, whatever it stands in.</summary>
internal static class Walk
{
    /// <summary>The body's own attributes and those of every block within.</summary>
    public static IEnumerable<HclAttribute> Attributes(HclBody body) => body.Attributes.Concat(body.Blocks.SelectMany(block => Attributes(block.Body)));

    /// <summary>The blocks within, at every depth.</summary>
    public static IEnumerable<HclBlock> Blocks(HclBody body) => body.Blocks.SelectMany(block => Blocks(block.Body).Prepend(block));

    /// <summary>Every expression of a body, at every depth.</summary>
    public static IEnumerable<HclExpression> Expressions(HclBody body) => Attributes(body).SelectMany(attribute => Expressions(attribute.Value));

    /// <summary>The expression and every one within it.</summary>
    public static IEnumerable<HclExpression> Expressions(HclExpression whole)
    {
        var waiting = new Stack<HclExpression>([whole]);
        while (waiting.TryPop(out var one))
        {
            yield return one;
            foreach (var child in one.Children)
            {
                waiting.Push(child);
            }
        }
    }
}
