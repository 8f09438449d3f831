using System.Text;
using McpInfra.Graph.Hcl;

namespace McpInfra.Graph.Tests.Hcl;

internal static class Reading
{
    public static HclFile Of(string text, string path = "main.tf") => HclReader.Read(path, Encoding.UTF8.GetBytes(text));

    public static HclExpression Value(string expression)
    {
        var file = Of($"a = {expression}\n");
        return file.Fault is null ? file.Body.Attributes[0].Value : throw new InvalidOperationException(file.Fault.ToString());
    }

    /// <summary>The expression with every bracket written, so that a test sees how it was understood.</summary>
    public static string Shape(string expression) => Shape(Value(expression));

    public static string Shape(HclExpression value) => value switch
    {
        HclExpression.Null => "null",
        HclExpression.Boolean boolean => boolean.Value ? "true" : "false",
        HclExpression.Number number => number.Written,
        HclExpression.Text text => $"'{text.Value.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)}'",
        HclExpression.Template template => $"<{Shapes(template.Parts)}>",
        HclExpression.Interpolation interpolation => $"${{{Shape(interpolation.Value)}}}",
        HclExpression.IfDirective directive => $"if({Shape(directive.Condition)} then {Shapes(directive.Then)} else {Shapes(directive.Else)})",
        HclExpression.ForDirective directive => $"for({directive.Key},{directive.Value} in {Shape(directive.Collection)}: {Shapes(directive.Body)})",
        HclExpression.Tuple tuple => $"[{string.Join(',', tuple.Items.Select(Shape))}]",
        HclExpression.Map map => $"{{{string.Join(',', map.Items.Select(item => $"{Shape(item.Key)}={Shape(item.Value)}"))}}}",
        HclExpression.For loop => $"for({loop.Key},{loop.Value} in {Shape(loop.Collection)}: {(loop.KeyResult is { } key ? $"{Shape(key)}=>" : "")}{Shape(loop.Result)}{(loop.Groups ? "..." : "")}{(loop.Condition is { } condition ? $" if {Shape(condition)}" : "")})",
        HclExpression.Conditional conditional => $"({Shape(conditional.Condition)}?{Shape(conditional.Then)}:{Shape(conditional.Else)})",
        HclExpression.Unary unary => $"({unary.Operator}{Shape(unary.Operand)})",
        HclExpression.Operation operation => operation.Operators.Select((sign, at) => (sign, at)).Aggregate(Shape(operation.Operands[0]), (left, next) => $"({left}{next.sign}{Shape(operation.Operands[next.at + 1])})"),
        HclExpression.Call call => $"{call.Name}({string.Join(',', call.Arguments.Select(Shape))}{(call.ExpandsLast ? "..." : "")})",
        HclExpression.Variable variable => variable.Name,
        HclExpression.Traversal traversal => Shape(traversal.Root) + string.Concat(traversal.Steps.Select(Step)),
        HclExpression.Parentheses parentheses => $"p{Shape(parentheses.Inner)}",
        _ => throw new InvalidOperationException(value.GetType().Name),
    };

    private static string Step(HclStep step) => step switch
    {
        { Attribute: { } name } => $".{name}",
        { Index: { } index } => $"[{Shape(index)}]",
        { Full: true } => "[*]",
        _ => ".*",
    };

    private static string Shapes(IReadOnlyList<HclExpression> parts) => string.Join(' ', parts.Select(Shape));
}
