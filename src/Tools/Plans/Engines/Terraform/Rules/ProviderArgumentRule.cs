using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>No provider is configured to run a program, to read the machine, or to speak to a host that code chooses.</summary>
internal static class ProviderArgumentRule
{
    // Arguments that are objects in some versions of a provider and blocks in others: as anything but a written object they could hold what is refused.
    private static readonly HashSet<string> Objects = ["kubernetes", "endpoints", "assume_role", "client_auth", "experiments", "features", "batching"];

    public static IEnumerable<RuleFault> Check(StackCode code) =>
        from module in code.Modules
        from placed in module.Of("provider")
        from fault in Check(placed, placed.Block.Body)
        select fault;

    private static IEnumerable<RuleFault> Check(PlacedBlock placed, HclBody body)
    {
        foreach (var block in body.Blocks)
        {
            var fault = block.Type == "dynamic" ? new(placed.File, block.Span.Line, "a provider's blocks must be written out", "write them without dynamic")
                : ProviderArguments.Why(block.Type) is { } why ? Refused(placed, block.Type, why, block.Span) : null;
            foreach (var found in fault is null ? Check(placed, block.Body) : [fault])
            {
                yield return found;
            }
        }

        foreach (var found in body.Attributes.SelectMany(attribute => Check(placed, attribute.Name, attribute.Value, attribute.Span)))
        {
            yield return found;
        }
    }

    private static IEnumerable<RuleFault> Check(PlacedBlock placed, string name, HclExpression value, HclSpan span)
    {
        if (value is HclExpression.Null or HclExpression.Boolean { Value: false } || ProviderArguments.IsLabels(name))
        {
            return [];
        }

        if (ProviderArguments.Why(name) is { } why)
        {
            return [Refused(placed, name, why, span)];
        }

        return value switch
        {
            HclExpression.Map map => map.Items.SelectMany(item => item.Key is HclExpression.Text { Value: var key }
                ? Check(placed, key, item.Value, item.Value.Span)
                : [new RuleFault(placed.File, item.Key.Span.Line, "an argument's name must be written plainly", "write the name without quotes or brackets")]),
            HclExpression.Tuple tuple => tuple.Items.SelectMany(item => item is HclExpression.Map || Objects.Contains(name) ? Check(placed, name, item, item.Span) : []),
            _ when Objects.Contains(name) => [new RuleFault(placed.File, span.Line, "this argument of a provider must be written out", "write the object or block itself, not a reference to it")],
            _ => [],
        };
    }

    private static RuleFault Refused(PlacedBlock placed, string name, string why, HclSpan span)
    {
        // Only words of the table are repeated.
        var shown = ProviderArguments.IsNamed(name) ? name : "an argument of this provider";
        return new(placed.File, span.Line, $"{shown} {why}", "remove it; providers get what they need from outside the sandbox");
    }
}
