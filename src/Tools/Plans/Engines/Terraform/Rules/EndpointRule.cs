using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Addresses that provider blocks name lead only to hosts in the stack's egress.</summary>
internal static class EndpointRule
{
    public static IEnumerable<RuleFault> Check(StackCode code)
    {
        var constants = new Constants(code);
        foreach (var module in code.Modules)
        {
            foreach (var placed in module.Of("provider"))
            {
                foreach (var address in ProviderEndpoints.Of(placed.Block))
                {
                    if (constants.Text(address.Value, module) is not { } text)
                    {
                        yield return new(placed.File, address.Value.Span.Line, "a provider's endpoint must be a literal, or a variable of the stack that has one", "write the address itself");
                    }
                    else if (!Endpoint.IsAllowed(text, code.Given.Egress))
                    {
                        yield return new(placed.File, address.Value.Span.Line, "a provider's endpoint is not in the stack's egress", "let the operator add its host:port to egress, or remove it");
                    }
                }
            }
        }
    }
}

/// <summary>Where the addresses stand in a provider block.</summary>
internal static class ProviderEndpoints
{
    /// <summary>Arguments and items that hold an address: everything in `endpoints`, and those that a provider names so.</summary>
    public static IEnumerable<HclItem> Of(HclBlock provider) => Of(provider.Body, within: false);

    private static IEnumerable<HclItem> Of(HclBody body, bool within) =>
        body.Attributes.SelectMany(attribute => Of(attribute.Name, attribute.Value, attribute.Span, within))
            .Concat(body.Blocks.SelectMany(block => Of(block.Body, within || block.Type == "endpoints")));

    private static IEnumerable<HclItem> Of(string name, HclExpression value, HclSpan span, bool within) => value switch
    {
        HclExpression.Null => [],
        _ when ProviderArguments.IsLabels(name) => [],
        HclExpression.Map map => map.Items.SelectMany(item => Of((item.Key as HclExpression.Text)?.Value ?? "", item.Value, item.Value.Span, within || name == "endpoints")),
        HclExpression.Tuple tuple when tuple.Items.Any(item => item is HclExpression.Map) => tuple.Items.SelectMany(item => Of(name, item, item.Span, within)),
        _ when within || IsAddress(name) => [new(new HclExpression.Text(name) { Span = span }, value)],
        _ => [],
    };

    private static bool IsAddress(string name) => name is "host" or "address" or "url" or "endpoint" || name.EndsWith("_endpoint", StringComparison.Ordinal) || name.EndsWith("_url", StringComparison.Ordinal);
}
