using System.Text.Json;

namespace McpInfra.Cedar;

/// <summary>Writes an expression in the language's JSON form.</summary>
internal sealed class ExpressionJsonWriter(Utf8JsonWriter json)
{
    public void Write(Expression expression)
    {
        switch (expression)
        {
            case AndExpression and: WriteChain("&&", and.Operands); break;
            case OrExpression or: WriteChain("||", or.Operands); break;
            default:
                json.WriteStartObject();
                WriteMember(expression);
                json.WriteEndObject();
                break;
        }
    }

    /// <summary>Nested to the left, as the language does, opened from the outside in.</summary>
    private void WriteChain(string name, Expression[] operands)
    {
        for (var index = operands.Length - 1; index > 0; index--)
        {
            json.WriteStartObject();
            json.WriteStartObject(name);
            json.WritePropertyName("left");
        }

        Write(operands[0]);
        foreach (var operand in operands.AsSpan(1))
        {
            WritePart("right", operand);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private void WriteMember(Expression expression)
    {
        switch (expression)
        {
            case LiteralExpression literal:
                json.WritePropertyName("Value");
                ValueWriter.Write(json, literal.Literal);
                break;
            case VariableExpression variable: json.WriteString("Var", variable.Variable.ToString().ToLowerInvariant()); break;
            case NotExpression not: WriteParts("!", ("arg", not.Operand)); break;
            case NegateExpression negate: WriteParts("neg", ("arg", negate.Operand)); break;
            case IsEmptyExpression empty: WriteParts("isEmpty", ("arg", empty.Operand)); break;
            case IfExpression choice: WriteParts("if-then-else", ("if", choice.Test), ("then", choice.Then), ("else", choice.Otherwise)); break;
            case BinaryExpression binary: WriteParts(ExpressionJsonReader.Name(binary.Operator), ("left", binary.Left), ("right", binary.Right)); break;
            case GetExpression get: WriteNamed(".", get.Target, "attr", get.Name); break;
            case HasExpression has: WriteNamed("has", has.Target, "attr", has.Name); break;
            case IsExpression test: WriteNamed("is", test.Operand, "entity_type", test.Type); break;
            case LikeExpression like: WriteLike(like); break;
            case SetExpression set: WriteList("Set", set.Members); break;
            case CallExpression call: WriteList(call.Function.Name, call.Arguments); break;
            case RecordExpression record: WriteParts("Record", [.. record.Names.Zip(record.Values)]); break;
            default: throw new InvalidOperationException($"no JSON for {expression.GetType().Name}");
        }
    }

    private void WritePart(string name, Expression part)
    {
        json.WritePropertyName(name);
        Write(part);
    }

    private void WriteParts(string name, params ReadOnlySpan<(string Name, Expression Part)> parts)
    {
        json.WriteStartObject(name);
        foreach (var (member, part) in parts)
        {
            WritePart(member, part);
        }

        json.WriteEndObject();
    }

    private void WriteNamed(string name, Expression target, string member, string value)
    {
        json.WriteStartObject(name);
        WritePart("left", target);
        json.WriteString(member, value);
        json.WriteEndObject();
    }

    private void WriteList(string name, Expression[] items)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            Write(item);
        }

        json.WriteEndArray();
    }

    private void WriteLike(LikeExpression like)
    {
        json.WriteStartObject("like");
        WritePart("left", like.Operand);
        json.WriteStartArray("pattern");
        for (var index = 0; index < like.Pattern.Pieces.Length; index++)
        {
            if (index > 0)
            {
                json.WriteStringValue("Wildcard");
            }

            if (like.Pattern.Pieces[index].Length > 0)
            {
                json.WriteStartObject();
                json.WriteString("Literal", like.Pattern.Pieces[index]);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
