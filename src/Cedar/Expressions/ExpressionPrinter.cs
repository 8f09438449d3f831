using System.Text;

namespace McpInfra.Cedar;

/// <summary>Writes an expression in Cedar syntax, with only the parentheses that it needs.</summary>
internal static class ExpressionPrinter
{
    /// <summary>How tightly a form binds; an operand that binds less is put in parentheses.</summary>
    private enum Binding
    {
        If,
        Or,
        And,
        Relation,
        Sum,
        Product,
        Unary,
        Member,
    }

    public static string Print(Expression expression)
    {
        var text = new StringBuilder();
        Append(text, expression, Binding.If);
        return text.ToString();
    }

    private static Binding BindingOf(Expression expression) => expression switch
    {
        IfExpression => Binding.If,
        OrExpression => Binding.Or,
        AndExpression => Binding.And,
        HasExpression or LikeExpression or IsExpression => Binding.Relation,
        NotExpression or NegateExpression => Binding.Unary,
        LiteralExpression { Literal: { Kind: ValueKind.Long } number } when number.AsLong() < 0 => Binding.Unary,
        BinaryExpression binary => BindingOf(binary.Operator),
        _ => Binding.Member,
    };

    private static Binding BindingOf(BinaryOperator @operator) => @operator switch
    {
        BinaryOperator.Add or BinaryOperator.Subtract => Binding.Sum,
        BinaryOperator.Multiply => Binding.Product,
        <= BinaryOperator.In => Binding.Relation,
        _ => Binding.Member,
    };

    private static string Symbol(BinaryOperator @operator) => @operator switch
    {
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.In => "in",
        BinaryOperator.Contains => "contains",
        BinaryOperator.ContainsAll => "containsAll",
        BinaryOperator.ContainsAny => "containsAny",
        BinaryOperator.HasTag => "hasTag",
        _ => "getTag",
    };

    private static void Append(StringBuilder text, Expression expression, Binding least)
    {
        var needed = BindingOf(expression) < least;
        text.Append(needed ? "(" : "");
        AppendBare(text, expression);
        text.Append(needed ? ")" : "");
    }

    private static void AppendBare(StringBuilder text, Expression expression)
    {
        switch (expression)
        {
            case LiteralExpression literal: text.Append(literal.Literal); break;
            case SlotExpression slot: text.Append('?').Append(slot.Variable.ToString().ToLowerInvariant()); break;
            case VariableExpression variable: text.Append(variable.Variable.ToString().ToLowerInvariant()); break;
            case OrExpression or: AppendList(text, or.Operands, " || ", Binding.And); break;
            case AndExpression and: AppendList(text, and.Operands, " && ", Binding.Relation); break;
            case NotExpression not: AppendPrefixed(text, "!", not.Operand); break;
            case NegateExpression negate: AppendPrefixed(text, "-", negate.Operand); break;
            case IfExpression choice: AppendIf(text, choice); break;
            case BinaryExpression binary: AppendBinary(text, binary); break;
            case GetExpression get: AppendGet(text, get); break;
            case HasExpression has: AppendSuffixed(text, has.Target, $" has {Quoting.Key(has.Name)}"); break;
            case LikeExpression like: AppendSuffixed(text, like.Operand, $" like {like.Pattern}"); break;
            case IsExpression test: AppendSuffixed(text, test.Operand, $" is {test.Type}"); break;
            case IsEmptyExpression empty: Append(text, empty.Operand, Binding.Member); text.Append(".isEmpty()"); break;
            case CallExpression call: AppendCall(text, call); break;
            case SetExpression set: text.Append('['); AppendList(text, set.Members, ", ", Binding.If); text.Append(']'); break;
            case RecordExpression record: AppendRecord(text, record); break;
            default: throw new InvalidOperationException($"no syntax for {expression.GetType().Name}");
        }
    }

    private static void AppendList(StringBuilder text, ReadOnlySpan<Expression> items, string separator, Binding least)
    {
        for (var index = 0; index < items.Length; index++)
        {
            text.Append(index == 0 ? "" : separator);
            Append(text, items[index], least);
        }
    }

    /// <summary>Always with parentheses around what is not a member: `-(-1)` is not `--1`, which is a literal negated once.</summary>
    private static void AppendPrefixed(StringBuilder text, string symbol, Expression operand)
    {
        var bare = operand is not LiteralExpression { Literal.Kind: ValueKind.Long };
        text.Append(symbol).Append(bare ? "" : "(");
        Append(text, operand, bare ? Binding.Member : Binding.If);
        text.Append(bare ? "" : ")");
    }

    private static void AppendSuffixed(StringBuilder text, Expression operand, string suffix)
    {
        Append(text, operand, Binding.Sum);
        text.Append(suffix);
    }

    private static void AppendIf(StringBuilder text, IfExpression choice)
    {
        text.Append("if ");
        Append(text, choice.Test, Binding.If);
        text.Append(" then ");
        Append(text, choice.Then, Binding.If);
        text.Append(" else ");
        Append(text, choice.Otherwise, Binding.If);
    }

    private static void AppendBinary(StringBuilder text, BinaryExpression binary)
    {
        var binding = BindingOf(binary.Operator);
        if (binding == Binding.Member)
        {
            Append(text, binary.Left, Binding.Member);
            text.Append('.').Append(Symbol(binary.Operator)).Append('(');
            Append(text, binary.Right, Binding.If);
            text.Append(')');
            return;
        }

        Append(text, binary.Left, binding == Binding.Relation ? Binding.Sum : binding);
        text.Append(' ').Append(Symbol(binary.Operator)).Append(' ');
        Append(text, binary.Right, binding + 1);
    }

    private static void AppendGet(StringBuilder text, GetExpression get)
    {
        Append(text, get.Target, Binding.Member);
        text.Append(Names.IsUsable(get.Name) ? $".{get.Name}" : $"[{Quoting.Quote(get.Name)}]");
    }

    private static void AppendCall(StringBuilder text, CallExpression call)
    {
        var arguments = call.Arguments.AsSpan();
        if (call.Function.IsMethod)
        {
            Append(text, arguments[0], Binding.Member);
            text.Append('.');
            arguments = arguments[1..];
        }

        text.Append(call.Function.Name).Append('(');
        AppendList(text, arguments, ", ", Binding.If);
        text.Append(')');
    }

    private static void AppendRecord(StringBuilder text, RecordExpression record)
    {
        text.Append('{');
        for (var index = 0; index < record.Names.Length; index++)
        {
            text.Append(index == 0 ? "" : ", ").Append(Quoting.Key(record.Names[index])).Append(": ");
            Append(text, record.Values[index], Binding.If);
        }

        text.Append('}');
    }
}
