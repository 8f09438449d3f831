namespace McpInfra.Cedar;

/// <summary>Reads a schema in Cedar syntax. After a fault it goes on behind the next `;`.</summary>
internal sealed class SchemaParser
{
    private readonly TokenReader tokens;
    private readonly SchemaTypeParser types;
    private readonly SourceText source;
    private readonly RawSchema schema = new();
    private readonly HashSet<string> declared = [];

    public SchemaParser(SourceText source)
    {
        (this.source, tokens) = (source, new(Lexer.Split(source.Text)));
        types = new(tokens);
    }

    public RawSchema Parse(List<Fault> faults)
    {
        while (!tokens.AtEnd)
        {
            Guarded(faults, () =>
            {
                var annotations = Annotations.Read(tokens);
                if (tokens.Current.Is("namespace"))
                {
                    ReadNamespace(annotations, faults);
                }
                else
                {
                    ReadDeclaration(schema.Open(""), annotations);
                }
            });
        }

        return schema;
    }

    private void Guarded(List<Fault> faults, Action read)
    {
        try
        {
            read();
        }
        catch (SyntaxException syntax)
        {
            faults.Add(source.Fault(syntax.Span, syntax.Message));
            tokens.SkipBehind(";");
        }
    }

    private void ReadNamespace(IReadOnlyDictionary<string, string> annotations, List<Fault> faults)
    {
        tokens.Take();
        var (name, span) = tokens.ExpectName("the namespace's name");
        if (!declared.Add(name))
        {
            throw new SyntaxException(span, $"the namespace `{name}` is declared twice: expected each once");
        }

        tokens.Expect("{");
        while (!tokens.AtEnd && !tokens.Current.Is("}"))
        {
            Guarded(faults, () => ReadDeclaration(schema.Open(name), Annotations.Read(tokens)));
        }

        tokens.Expect("}", "a declaration or `}`");
        schema.Open(name).Annotations = annotations;
    }

    private void ReadDeclaration(RawNamespace into, IReadOnlyDictionary<string, string> annotations)
    {
        var start = tokens.Current.Span;
        if (tokens.TryTake("entity"))
        {
            ReadEntity(into, start, annotations);
        }
        else if (tokens.TryTake("action"))
        {
            ReadAction(into, start, annotations);
        }
        else if (tokens.TryTake("type"))
        {
            var name = tokens.ExpectIdentifier("the type's name");
            tokens.Expect("=");
            Declare(into.CommonTypes, name.Text, name.Span, types.ReadType(), "type");
        }
        else
        {
            throw tokens.Unexpected("`entity`, `action`, `type` or `namespace`");
        }

        tokens.Expect(";");
    }

    private void ReadEntity(RawNamespace into, Span start, IReadOnlyDictionary<string, string> annotations)
    {
        var names = tokens.ReadList(() => tokens.ExpectIdentifier("an entity type's name"));
        RawEntityType type;
        if (tokens.TryTake("enum"))
        {
            tokens.Expect("[");
            var ids = tokens.ReadList(() => tokens.ExpectString("an entity's id, a string"));
            tokens.Expect("]", "`,` or `]`");
            type = new(start, [], null, null, ids);
        }
        else
        {
            var parents = tokens.TryTake("in") ? types.ReadEntityTypes() : [];
            var hasShape = tokens.TryTake("=") || tokens.Current.Is("{");
            var shape = hasShape ? types.ReadRecord() : null;
            var tags = tokens.TryTake("tags") ? types.ReadType() : null;
            type = new(start, parents, shape, tags, null);
        }

        foreach (var name in names)
        {
            Declare(into.EntityTypes, name.Text, name.Span, type with { Annotations = annotations }, "entity type");
        }
    }

    private void ReadAction(RawNamespace into, Span start, IReadOnlyDictionary<string, string> annotations)
    {
        var names = tokens.ReadList(() => (Name: tokens.ExpectNameOrString("an action's name"), tokens.Previous.Span));
        List<(RawName?, string)> parents = tokens.TryTake("in") ? tokens.TryTake("[") ? ReadActions() : [ReadAction()] : [];
        var action = new RawAction(start, parents, [], [], null) { Annotations = annotations };
        if (tokens.TryTake("appliesTo"))
        {
            action = ReadAppliesTo(action);
        }

        if (tokens.TryTake("attributes"))
        {
            tokens.Expect("{");
            tokens.Expect("}", "`}`: actions have no attributes");
        }

        foreach (var (name, span) in names)
        {
            Declare(into.Actions, name, span, action, "action");
        }
    }

    private List<(RawName?, string)> ReadActions()
    {
        var actions = tokens.ReadList(ReadAction);
        tokens.Expect("]", "`,` or `]`");
        return actions;
    }

    private (RawName? Type, string Id) ReadAction()
    {
        if (tokens.Current.Kind != TokenKind.Identifier || !tokens.Ahead(1).Is("::"))
        {
            return (null, tokens.ExpectNameOrString("an action"));
        }

        var (type, span) = tokens.ExpectName("an action");
        tokens.Expect("::");
        return (new RawName(type, span), tokens.ExpectString("the action's id, a string"));
    }

    private RawAction ReadAppliesTo(RawAction action)
    {
        var open = tokens.Expect("{");
        List<RawName>? principals = null, resources = null;
        RawType? context = null;
        while (!tokens.Current.Is("}"))
        {
            var part = tokens.Current;
            var twice = (part.Is("principal") && principals is not null) || (part.Is("resource") && resources is not null) || (part.Is("context") && context is not null);
            if (twice || !(part.Is("principal") || part.Is("resource") || part.Is("context")))
            {
                throw tokens.Unexpected("`principal`, `resource` or `context`, each once");
            }

            tokens.Take();
            tokens.Expect(":");
            if (part.Is("context"))
            {
                context = types.ReadContext();
            }
            else
            {
                var named = types.ReadEntityTypes();
                (principals, resources) = part.Is("principal") ? (named, resources) : (principals, named);
            }

            if (!tokens.TryTake(","))
            {
                break;
            }
        }

        tokens.Expect("}", "`,` or `}`");
        return principals is { Count: > 0 } && resources is { Count: > 0 }
            ? action with { Principals = principals, Resources = resources, Context = context }
            : throw new SyntaxException(open.Span, "expected at least one `principal` and one `resource` type");
    }

    private static void Declare<T>(Dictionary<string, T> into, string name, Span span, T what, string kind)
    {
        if (!into.TryAdd(name, what))
        {
            throw new SyntaxException(span, $"the {kind} `{name}` is declared twice: expected each once");
        }
    }
}
