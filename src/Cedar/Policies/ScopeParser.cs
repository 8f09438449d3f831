namespace McpInfra.Cedar;

/// <summary>Reads one of the three parts of a policy's head.</summary>
internal sealed class ScopeParser(TokenReader tokens)
{
    public Scope Read(Variable variable)
    {
        var name = variable.ToString().ToLowerInvariant();
        var start = tokens.Expect(name, $"`{name}`: a scope is `(principal, action, resource)`").Span;
        var scope = tokens.TryTake("is") ? ReadIs(variable)
            : tokens.TryTake("==") ? ReadEntity(variable, ScopeKind.Equal)
            : tokens.TryTake("in") ? ReadEntity(variable, ScopeKind.In)
            : tokens.Current is { Kind: TokenKind.Symbol, Text: "," or ")" } ? new Scope(variable, ScopeKind.Any, start)
            : throw tokens.Unexpected(variable == Variable.Action ? "`==`, `in`, or `,`" : "`==`, `in`, `is`, or the end of this part of the scope");
        return scope with { Span = Span.Between(start, tokens.Previous.Span) };
    }

    private Scope ReadIs(Variable variable)
    {
        if (variable == Variable.Action)
        {
            throw new SyntaxException(tokens.Previous.Span, "an action has no type to test: expected `==` or `in`");
        }

        var (type, _) = tokens.ExpectName("an entity type");
        return tokens.TryTake("in") ? ReadEntity(variable, ScopeKind.IsIn) with { Type = type } : new Scope(variable, ScopeKind.Is, Span.None, type);
    }

    private Scope ReadEntity(Variable variable, ScopeKind kind)
    {
        var open = 0;
        while (tokens.TryTake("("))
        {
            open++;
        }

        var scope = ReadBare(variable, kind);
        for (; open > 0; open--)
        {
            tokens.Expect(")");
        }

        return scope;
    }

    private Scope ReadBare(Variable variable, ScopeKind kind)
    {
        if (tokens.Current.Kind == TokenKind.Slot)
        {
            var slot = tokens.Take();
            return slot.Text == $"?{variable.ToString().ToLowerInvariant()}" && variable != Variable.Action
                ? new Scope(variable, kind, Span.None, HasSlot: true)
                : throw new SyntaxException(slot.Span, $"`{slot.Text}` cannot stand here: expected an entity{(variable == Variable.Action ? "" : $" or `?{variable.ToString().ToLowerInvariant()}`")}");
        }

        var list = variable == Variable.Action && kind == ScopeKind.In && tokens.Current.Is("[");
        var entities = list ? ReadList() : [new ExpressionParser(tokens).ReadEntity()];
        if (variable == Variable.Action && entities.FirstOrDefault(entity => !entity.IsAction) is { } stranger)
        {
            throw new SyntaxException(tokens.Previous.Span, $"`{stranger.Type}` is not a type of actions: expected `Action`, with or without a namespace");
        }

        return new(variable, kind, Span.None, Named: entities, IsList: list);
    }

    private List<EntityUid> ReadList()
    {
        var entities = new List<EntityUid>();
        tokens.Expect("[");
        while (!tokens.Current.Is("]"))
        {
            entities.Add(new ExpressionParser(tokens).ReadEntity());
            if (!tokens.TryTake(","))
            {
                break;
            }
        }

        tokens.Expect("]", "`,` or `]`");
        return entities;
    }
}
