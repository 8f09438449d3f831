using System.Text.Json;

namespace McpInfra.Cedar;

/// <summary>Reads an expression in the language's JSON form: an object whose one member is the operator.</summary>
internal sealed class ExpressionJsonReader(Func<JsonItem, Span> place)
{
    private static readonly Dictionary<string, BinaryOperator> Operators = new(StringComparer.Ordinal)
    {
        ["=="] = BinaryOperator.Equal,
        ["!="] = BinaryOperator.NotEqual,
        ["<"] = BinaryOperator.Less,
        ["<="] = BinaryOperator.LessOrEqual,
        [">"] = BinaryOperator.Greater,
        [">="] = BinaryOperator.GreaterOrEqual,
        ["+"] = BinaryOperator.Add,
        ["-"] = BinaryOperator.Subtract,
        ["*"] = BinaryOperator.Multiply,
        ["in"] = BinaryOperator.In,
        ["contains"] = BinaryOperator.Contains,
        ["containsAll"] = BinaryOperator.ContainsAll,
        ["containsAny"] = BinaryOperator.ContainsAny,
        ["hasTag"] = BinaryOperator.HasTag,
        ["getTag"] = BinaryOperator.GetTag,
    };

    public static string Name(BinaryOperator @operator) => Operators.First(pair => pair.Value == @operator).Key;

    public Expression Read(JsonItem item)
    {
        if (item.Object("an object, an expression").Members is not [var (name, body)])
        {
            throw new JsonFault(item.Offset, "expected an object with one member, the operator");
        }

        var expression = Read(name, body, place(item));
        return expression.Depth > Expression.MaximumDepth ? throw new JsonFault(item.Offset, $"nested deeper than {Expression.MaximumDepth} levels: expected a flatter expression") : expression;
    }

    private Expression Read(string name, JsonItem body, Span span)
    {
        if (Operators.TryGetValue(name, out var @operator))
        {
            return new BinaryExpression(@operator, Part(body, "left"), Part(body, "right"), span);
        }

        switch (name)
        {
            case "Value": return ReadValue(body, span);
            case "Var": return new VariableExpression(ReadVariable(body), span);
            case "!": return new NotExpression(Part(body, "arg"), span);
            case "neg": return new NegateExpression(Part(body, "arg"), span);
            case "isEmpty": return new IsEmptyExpression(Part(body, "arg"), span);
            case "&&": return new AndExpression([.. Flat(body, "&&")], span);
            case "||": return new OrExpression([.. Flat(body, "||")], span);
            case ".": return new GetExpression(Part(body, "left"), body.Require("attr").String("an attribute's name"), span);
            case "has": return ReadHas(Part(body, "left"), body.Require("attr"), span);
            case "like": return new LikeExpression(Part(body, "left"), ReadPattern(body.Require("pattern")), span);
            case "is": return ReadIs(body, span);
            case "if-then-else": return new IfExpression(Part(body, "if"), Part(body, "then"), Part(body, "else"), span);
            case "Set": return new SetExpression([.. body.Array("an array of expressions").Items.Select(Read)], span);
            case "Record": return new RecordExpression(new(body.Object("an object of expressions").Members.ToDictionary(member => member.Name, member => Read(member.Value)), StringComparer.Ordinal), span);
        }

        return Function.Find(name) is { } function
            ? new CallExpression(function, [.. body.Array("an array of arguments").Items.Select(Read)], span)
            : throw new JsonFault(body.Offset, $"unknown operator `{name}`: expected one of the language's operators or functions");
    }

    private Expression Part(JsonItem body, string name) => Read(body.Require(name));

    /// <summary>`(a &amp;&amp; b) &amp;&amp; c` as three operands, without a recursion for each.</summary>
    private Stack<Expression> Flat(JsonItem body, string name)
    {
        var operands = new Stack<Expression>();
        while (true)
        {
            operands.Push(Part(body, "right"));
            var left = body.Require("left");
            if (left.IsObject && left.Members is [var (inner, next)] && inner == name)
            {
                body = next;
                continue;
            }

            operands.Push(Read(left));
            return operands;
        }
    }

    private static Variable ReadVariable(JsonItem body) => body.String("a variable") switch
    {
        "principal" => Variable.Principal,
        "action" => Variable.Action,
        "resource" => Variable.Resource,
        "context" => Variable.Context,
        _ => throw body.Expected("principal, action, resource or context"),
    };

    private static Pattern ReadPattern(JsonItem item)
    {
        var pieces = new List<string> { "" };
        foreach (var part in item.Array("an array of `\"Wildcard\"` and `{\"Literal\": …}`").Items)
        {
            if (part is { IsText: true, Text: "Wildcard" })
            {
                pieces.Add("");
            }
            else
            {
                pieces[^1] += part.Object("`\"Wildcard\"` or `{\"Literal\": …}`").Require("Literal").String("a string");
            }
        }

        return new(pieces);
    }

    /// <summary>Of one attribute, or of a path of them.</summary>
    private static Expression ReadHas(Expression target, JsonItem names, Span span)
    {
        List<string> path = names.IsArray ? [.. names.Items.Select(name => name.String("an attribute's name"))] : [names.String("an attribute's name, or an array of them")];
        return path.Count > 0 ? HasExpression.Path(target, path, span) : throw names.Expected("at least one attribute's name");
    }

    private Expression ReadIs(JsonItem body, Span span)
    {
        var type = body.Require("entity_type").String("an entity type's name");
        var target = Part(body, "left");
        var test = Names.IsName(type) ? new IsExpression(target, type, span) : throw body.Require("entity_type").Expected("an entity type's name such as `A::B`");
        return body["in"] is { } within ? new AndExpression([test, new BinaryExpression(BinaryOperator.In, target, Read(within), span)], span) : test;
    }

    private Expression ReadValue(JsonItem item, Span span)
    {
        if (item.IsArray)
        {
            return new SetExpression([.. item.Items.Select(member => ReadValue(member, place(member)))], span);
        }

        if (item.Members is [("__extn", { IsObject: true } call)] && call["fn"] is { IsText: true, Text: var name } && Function.Find(name) is { } function)
        {
            var arguments = call["arg"] is { } only ? [only] : call.Require("args").Array("an array of arguments").Items;
            return new CallExpression(function, [.. arguments.Select(argument => ReadValue(argument, span))], span);
        }

        return item.IsObject && item.Members is not [("__entity" or "__extn" or "__expr", _)]
            ? new RecordExpression(new(item.Members.ToDictionary(member => member.Name, member => ReadValue(member.Value, place(member.Value))), StringComparer.Ordinal), span)
            : Literal(item, span);
    }

    private static Expression Literal(JsonItem item, Span span)
    {
        var value = ValueReader.Read(item, null);
        return value.Kind is ValueKind.Boolean or ValueKind.Long or ValueKind.String or ValueKind.Entity
            ? new LiteralExpression(value, span)
            : throw new JsonFault(item.Offset, $"expected a value, found {(item.Kind == JsonValueKind.Object ? "an escape that is not one" : item.Describe())}");
    }
}
