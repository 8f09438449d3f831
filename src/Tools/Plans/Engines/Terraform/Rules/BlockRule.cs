using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Only blocks that describe: nothing that runs a program, reads the machine, or hands out a credential.</summary>
internal static class BlockRule
{
    private static readonly HashSet<string> Known =
    [
        "terraform", "provider", "variable", "output", "locals", "module", "resource", "data", "ephemeral", "moved", "import", "removed", "check",
    ];

    public static IEnumerable<RuleFault> Check(StackCode code) => code.Modules.SelectMany(module => module.Blocks).SelectMany(placed => Check(placed, code.Given.Allowed));

    private static IEnumerable<RuleFault> Check(PlacedBlock placed, AllowedCode allowed)
    {
        if (!Known.Contains(placed.Block.Type))
        {
            yield return placed.Fault("this kind of block is not known", $"use only {string.Join(", ", Known)}");
        }

        if (placed.Block.Type is "resource" or "data" or "ephemeral" or "removed"
            && placed.Block.Body.Attributes.FirstOrDefault(attribute => attribute.Name is "provisioner" or "connection") is { } attribute)
        {
            yield return new(placed.File, attribute.Span.Line, "provisioners and connections run programs", "remove it");
        }

        foreach (var inner in Walk.Blocks(placed.Block.Body).Prepend(placed.Block))
        {
            if (Fault(placed, inner, allowed) is { } fault)
            {
                yield return fault with { Line = inner.Span.Line };
            }
        }
    }

    private static RuleFault? Fault(PlacedBlock placed, HclBlock block, AllowedCode allowed) => block switch
    {
        { Type: "provisioner" or "connection" } or { Type: "dynamic", Labels: ["provisioner" or "connection", ..] } =>
            placed.Fault("provisioners and connections run programs", "remove it"),
        { Type: "data", Labels: [var type, ..] } when allowed.WhyNotData(type) is { } why => placed.Fault($"{(RefusedData.Why(type) is null ? "the data source" : $"the data source {type}")} {why}", "take the value from a variable or a resource"),
        { Type: "resource", Labels: [var type, ..] } when RefusedData.WhyResource(type) is { } why => placed.Fault($"the resource {type} {why}", "remove it"),
        { Type: "ephemeral", Labels: [not "random_password", ..] } => placed.Fault("ephemeral resources hand out secrets", "remove it; only random_password is allowed"),
        { Type: "postrender" or "postrenderer" } or { Type: "dynamic", Labels: ["postrender" or "postrenderer", ..] } => placed.Fault("a post-renderer is a program that runs while planning", "remove it"),
        _ => null,
    };
}
