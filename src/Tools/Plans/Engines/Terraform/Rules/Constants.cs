using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>Texts that code gives without running: literals, and the stack's own variables and locals that lead to one.</summary>
internal sealed class Constants(StackCode code)
{
    private const int Steps = 20;

    private readonly VariableValues _variables = VariableValues.Of(code);

    /// <summary>The text, or null when only a run would tell.</summary>
    public string? Text(HclExpression value, CodeModule module) => Text(value, module, Steps);

    private string? Text(HclExpression value, CodeModule module, int left) => left == 0 ? null : value switch
    {
        HclExpression.Text { Value: var text } => text,
        HclExpression.Parentheses { Inner: var inner } => Text(inner, module, left - 1),
        HclExpression.Interpolation { Value: var inner } => Text(inner, module, left - 1),
        HclExpression.Template { Parts: { Count: <= 20 } parts } => Joined(parts, module, left),
        HclExpression.Traversal { Root: HclExpression.Variable { Name: "var" }, Steps: [{ Attribute: { } name }] } when module.Folder == code.Folder => Variable(name, module, left),
        HclExpression.Traversal { Root: HclExpression.Variable { Name: "local" }, Steps: [{ Attribute: { } name }] } => module.Locals[name].LastOrDefault() is { } local ? Text(local.Value, module, left - 1) : null,
        HclExpression.Traversal { Root: HclExpression.Variable { Name: "path" }, Steps: [{ Attribute: "root" or "cwd" }] } => ".", // Every run starts in the stack's folder.
        HclExpression.Traversal { Root: HclExpression.Variable { Name: "path" }, Steps: [{ Attribute: "module" }] } when module.Folder == code.Folder => ".",
        _ => null,
    };

    private string? Joined(IReadOnlyList<HclExpression> parts, CodeModule module, int left)
    {
        var texts = new List<string>();
        foreach (var part in parts)
        {
            // Each part spends the steps of the whole, so that doubling templates end.
            if (Text(part, module, left / (parts.Count + 1)) is not { } text)
            {
                return null;
            }

            texts.Add(text);
        }

        return string.Concat(texts);
    }

    private string? Variable(string name, CodeModule module, int left)
    {
        var given = _variables.Of(name)
            ?? module.Of("variable").LastOrDefault(placed => placed.Block.Labels is [var label] && label == name && placed.Block.Body.Attribute("default") is not null)?.Block.Body.Attribute("default")!.Value;
        return given is null ? null : Text(given, module, left - 1);
    }
}
