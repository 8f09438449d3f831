using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>A module's names for providers.</summary>
internal sealed class ModuleProviders
{
    private readonly Dictionary<string, string> _sources = new(StringComparer.Ordinal);

    private ModuleProviders()
    {
    }

    /// <summary>The source behind a name of this module.</summary>
    public string Source(string name) => _sources.TryGetValue(name, out var source) ? source : ProviderSource.Implied(name);

    public static ModuleProviders Of(CodeModule module)
    {
        var providers = new ModuleProviders();
        foreach (var (_, required) in Required(module))
        {
            if (Written(required) is [.., { } last])
            {
                providers._sources[required.Name] = last;
            }
        }

        return providers;
    }

    /// <summary>Every entry of `required_providers`, with its file.</summary>
    public static IEnumerable<(string File, HclAttribute Entry)> Required(CodeModule module) =>
        from placed in module.Of("terraform")
        from block in placed.Block.Body.Blocks
        where block.Type == "required_providers"
        from entry in block.Body.Attributes
        select (placed.File, entry);

    /// <summary>The sources that an entry writes, in one spelling, null for each that is no plain literal.</summary>
    public static IReadOnlyList<string?> Written(HclAttribute entry) => entry.Value switch
    {
        HclExpression.Text => [ProviderSource.Implied(entry.Name)],
        HclExpression.Map { Items: var items } when items.All(item => item.Key is HclExpression.Text) =>
            items.Where(item => ((HclExpression.Text)item.Key).Value == "source").Select(item => item.Value is HclExpression.Text { Value: var source } ? ProviderSource.Normal(source) : null).DefaultIfEmpty(ProviderSource.Implied(entry.Name)).ToList(),
        _ => [null],
    };

    /// <summary>The name and alias of the configuration that a resource uses; a null name when code does not say it plainly.</summary>
    public static (string? Name, string? Alias) Used(HclBlock block)
    {
        var type = block.Labels.Count > 0 ? block.Labels[0] : "";
        return block.Body.Attribute("provider")?.Value switch
        {
            null => (type.Split('_')[0], null),
            HclExpression.Variable { Name: var name } => (name, null),
            HclExpression.Traversal { Root: HclExpression.Variable { Name: var name }, Steps: [{ Attribute: var alias }, ..] } => (name, alias),
            HclExpression.Text { Value: var written } when written.Split('.') is [var name, .. var rest] => (name, rest.FirstOrDefault()),
            _ => (null, null),
        };
    }
}
