using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Every provider that code declares, configures or uses comes from a source on the allow-list.</summary>
internal static class ProviderSourceRule
{
    private const string Rule = "the provider is not on the list of those that may run";
    private const string Remedy = "use an allowed provider, or ask the operator to allow its source";

    public static IEnumerable<RuleFault> Check(StackCode code) => code.Modules.SelectMany(module => Check(code, module));

    private static IEnumerable<RuleFault> Check(StackCode code, CodeModule module)
    {
        bool Allows(string? source) => source is not null && ProviderSource.Allows(source, code.Given.Allowed.Providers);
        var providers = ModuleProviders.Of(module);
        foreach (var (file, entry) in ModuleProviders.Required(module))
        {
            var written = ModuleProviders.Written(entry);
            if (written.Any(source => source is null))
            {
                yield return new(file, entry.Span.Line, "a provider's source must be one plain literal", "write source = \"namespace/name\"");
            }
            else if (!written.All(Allows))
            {
                yield return new(file, entry.Span.Line, Rule, Remedy);
            }
        }

        foreach (var placed in module.Of("terraform").Where(placed => placed.Block.Body.Attribute("required_providers") is not null))
        {
            yield return placed.Fault("required_providers must be a block", "write it without `=`");
        }

        foreach (var (file, block, name) in Uses(module))
        {
            if (name is null)
            {
                yield return new(file, block.Span.Line, "the provider that a resource uses must be named plainly", "write provider = name or provider = name.alias");
            }
            else if (!Allows(providers.Source(name)))
            {
                yield return new(file, block.Span.Line, Rule, Remedy);
            }
        }
    }

    // Whatever names a provider: a block that configures it, and everything of a type that it brings.
    private static IEnumerable<(string File, HclBlock Block, string? Name)> Uses(CodeModule module)
    {
        foreach (var placed in module.Blocks)
        {
            foreach (var block in Walk.Blocks(placed.Block.Body).Where(inner => inner.Type == "data" && placed.Block.Type == "check").Prepend(placed.Block))
            {
                if (block is { Type: "provider", Labels: [var name, ..] })
                {
                    yield return (placed.File, block, name);
                }
                else if (block.Type is "resource" or "data" or "ephemeral")
                {
                    yield return (placed.File, block, block.Labels.Count > 0 ? block.Labels[0].Split('_')[0] : null);
                    yield return (placed.File, block, ModuleProviders.Used(block).Name);
                }
            }
        }
    }
}
