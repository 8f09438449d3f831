using System.Text;
using System.Text.Json;
using McpInfra.Graph.Hcl;

namespace McpInfra.Tools.Plans.Engines.Terraform.Rules;

/// <summary>One spelling for code that means the same: without comments, space, order of arguments, and the difference between HCL and its JSON form.</summary>
internal static class Canonical
{
    public static string Of(HclBlock block)
    {
        var text = new StringBuilder();
        Write(text, block);
        return text.ToString();
    }

    public static string Of(HclExpression value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, HclBlock block)
    {
        text.Append(block.Type);
        foreach (var label in block.Labels)
        {
            text.Append(' ').Append(Quoted(label));
        }

        text.Append("={");
        var items = block.Body.Attributes.Select(attribute => $"{attribute.Name}={Of(attribute.Value)}").Concat(block.Body.Blocks.Select(Of));
        text.AppendJoin(',', items.Order(StringComparer.Ordinal)).Append('}');
    }

    private static void Write(StringBuilder text, HclExpression value)
    {
        switch (value)
        {
            case HclExpression.Text plain:
                text.Append(Quoted(plain.Value));
                break;
            case HclExpression.Template { Parts: [HclExpression.Interpolation only] }:
                Write(text, only.Value);
                break;
            case HclExpression.Interpolation inner:
                Write(text, inner.Value);
                break;
            case HclExpression.Map map:
                text.Append('{').AppendJoin(',', map.Items.Select(item => $"{Key(item.Key)}={Of(item.Value)}").Order(StringComparer.Ordinal)).Append('}');
                break;
            case HclExpression.Traversal traversal:
                Write(text, traversal.Root);
                traversal.Steps.ToList().ForEach(step => WriteStep(text, step));
                break;
            default:
                text.Append(Head(value)).Append('(');
                foreach (var child in value.Children)
                {
                    Write(text, child);
                    text.Append(',');
                }

                text.Append(')');
                break;
        }
    }

    private static void WriteStep(StringBuilder text, HclStep step)
    {
        text.Append(step.Attribute is { } name ? $".{name}" : step.Index is null ? step.Full ? "[*]" : ".*" : "[");
        if (step.Index is { } index)
        {
            Write(text, index);
            text.Append(']');
        }
    }

    // A plain word as key is the block or argument of that name in the other spelling.
    private static string Key(HclExpression key) =>
        key is HclExpression.Text { Value: var name } && name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-') ? name : Of(key);

    private static string Head(HclExpression value) => value switch
    {
        HclExpression.Null => "null",
        HclExpression.Boolean boolean => boolean.Value ? "true" : "false",
        HclExpression.Number number => $"#{number.Written}",
        HclExpression.Variable variable => $"@{variable.Name}",
        HclExpression.Call call => $"call {call.Name} {call.ExpandsLast}",
        HclExpression.Unary unary => $"unary {unary.Operator}",
        HclExpression.Operation operation => $"operation {string.Join(' ', operation.Operators)}",
        HclExpression.For loop => $"for {loop.Key} {loop.Value} {loop.KeyResult is not null} {loop.Groups} {loop.Condition is not null}",
        HclExpression.ForDirective loop => $"for {loop.Key} {loop.Value}",
        HclExpression.IfDirective branch => $"if {branch.Then.Count}",
        _ => value.GetType().Name,
    };

    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
