using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using McpInfra.Graph.Hcl;

namespace McpInfra.Graph.Tests.Hcl;

/// <summary>A file in the form that @cdktf/hcl2json writes: blocks nested by label, expressions as their source within `${}`.</summary>
internal sealed class HashiCorpsForm(string text)
{
    public static JsonObject Of(HclFile file, string text) => new HashiCorpsForm(text.TrimStart('\uFEFF')).Body(file.Body);

    private JsonObject Body(HclBody body)
    {
        var form = new JsonObject();
        foreach (var attribute in body.Attributes)
        {
            form[attribute.Name] = Value(attribute.Value);
        }

        foreach (var block in body.Blocks)
        {
            var at = form;
            foreach (var step in block.Labels.Prepend(block.Type).SkipLast(1))
            {
                at = (at[step] ??= new JsonObject()).AsObject();
            }

            (at[block.Labels.LastOrDefault(block.Type)] ??= new JsonArray()).AsArray().Add(Body(block.Body));
        }

        return form;
    }

    private JsonNode? Value(HclExpression value) => value switch
    {
        HclExpression.Null => null,
        HclExpression.Boolean boolean => boolean.Value,
        HclExpression.Number number => Number(number.Written),
        HclExpression.Unary { Operator: "-", Operand: HclExpression.Number number } => -Number(number.Written),
        HclExpression.Text plain => Escaped(plain.Value),
        HclExpression.Template { Parts: [HclExpression.Interpolation only] } => Value(only.Value),
        HclExpression.Template template => string.Concat(template.Parts.Select(Part)),
        HclExpression.Tuple tuple => new JsonArray([.. tuple.Items.Select(Value)]),
        HclExpression.Map map => Map(map),
        _ => $"${{{Source(value)}}}",
    };

    private JsonObject Map(HclExpression.Map map)
    {
        var form = new JsonObject();
        foreach (var item in map.Items)
        {
            form[item.Key switch
            {
                HclExpression.Text plain => Escaped(plain.Value),
                HclExpression.Template template => string.Concat(template.Parts.Select(Part)),
                HclExpression.Number number => number.Written,
                HclExpression.Traversal traversal => Source(traversal),
                _ => $"${{{Source(item.Key)}}}",
            }] = Value(item.Value);
        }

        return form;
    }

    private string Part(HclExpression part) => part switch
    {
        HclExpression.Text plain => Escaped(plain.Value),
        HclExpression.Interpolation { Value: HclExpression.Text inner } => Escaped(inner.Value),
        HclExpression.Interpolation { Value: HclExpression.Number inner } => inner.Written,
        HclExpression.Interpolation { Value: HclExpression.Template inner } => Parts(inner.Parts),
        HclExpression.Interpolation { Value: var inner } => $"${{{Source(inner)}}}",
        HclExpression.IfDirective branch => $"%{{if {Source(branch.Condition)}}}{Parts(branch.Then)}{(branch.Else.Count > 0 ? $"%{{else}}{Parts(branch.Else)}" : "")}%{{endif}}",
        HclExpression.ForDirective loop => $"%{{for {(loop.Key is null ? "" : loop.Key + ", ")}{loop.Value} in {Source(loop.Collection)}}}{Parts(loop.Body)}%{{endfor}}",
        _ => throw new InvalidOperationException(part.GetType().Name),
    };

    private string Parts(IReadOnlyList<HclExpression> parts) => string.Concat(parts.Select(Part));

    private static string Escaped(string value) => new StringBuilder(value).Replace("${", "$${").Replace("%{", "%%{").ToString();

    private string Source(HclExpression value) => text[value.Span.Start..value.Span.End];

    private static double Number(string written) => double.Parse(written, CultureInfo.InvariantCulture);
}
