using System.Runtime.CompilerServices;

namespace McpInfra.Cedar;

/// <summary>Reads a schema in Cedar syntax. After a fault it goes on behind the next `;`.</summary>
internal sealed class SchemaParser(SourceText source)
{
    private const int MaximumDepth = 200;

    private readonly TokenReader tokens = new(Lexer.Split(source.Text));
    private readonly RawSchema schema = new();
    private readonly HashSet<string> declared = [];
    private int depth;

    public RawSchema Parse(List<Fault> faults)
    {
        while (!tokens.AtEnd)
        {
            Guarded(faults, () =>
            {
                SkipAnnotations();
                if (tokens.Current.Is("namespace"))
                {
                    ReadNamespace(faults);
                }
                else
                {
                    ReadDeclaration(schema.Open(""));
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

    private void ReadNamespace(List<Fault> faults)
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
            Guarded(faults, () =>
            {
                SkipAnnotations();
                ReadDeclaration(schema.Open(name));
            });
        }

        tokens.Expect("}", "a declaration or `}`");
        schema.Open(name);
    }

    private void ReadDeclaration(RawNamespace into)
    {
        var start = tokens.Current.Span;
        if (tokens.TryTake("entity"))
        {
            ReadEntity(into, start);
        }
        else if (tokens.TryTake("action"))
        {
            ReadAction(into, start);
        }
        else if (tokens.TryTake("type"))
        {
            var name = tokens.ExpectIdentifier("the type's name");
            tokens.Expect("=");
            Declare(into.CommonTypes, name.Text, name.Span, ReadType(), "type");
        }
        else
        {
            throw tokens.Unexpected("`entity`, `action`, `type` or `namespace`");
        }

        tokens.Expect(";");
    }

    private void ReadEntity(RawNamespace into, Span start)
    {
        var names = ReadList(() => tokens.ExpectIdentifier("an entity type's name"));
        RawEntityType type;
        if (tokens.TryTake("enum"))
        {
            tokens.Expect("[");
            var ids = ReadList(() => tokens.ExpectString("an entity's id, a string"));
            tokens.Expect("]", "`,` or `]`");
            type = new(start, [], null, null, ids);
        }
        else
        {
            var parents = tokens.TryTake("in") ? ReadEntityTypes() : [];
            var hasShape = tokens.TryTake("=") || tokens.Current.Is("{");
            var shape = hasShape ? ReadRecord() : null;
            var tags = tokens.TryTake("tags") ? ReadType() : null;
            type = new(start, parents, shape, tags, null);
        }

        foreach (var name in names)
        {
            Declare(into.EntityTypes, name.Text, name.Span, type, "entity type");
        }
    }

    private void ReadAction(RawNamespace into, Span start)
    {
        var names = ReadList(() => (Name: ReadNameOrString("an action's name"), tokens.Previous.Span));
        List<(RawName?, string)> parents = tokens.TryTake("in") ? tokens.TryTake("[") ? ReadActions() : [ReadAction()] : [];
        var action = new RawAction(start, parents, [], [], null);
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
        var actions = ReadList(ReadAction);
        tokens.Expect("]", "`,` or `]`");
        return actions;
    }

    private (RawName? Type, string Id) ReadAction()
    {
        if (tokens.Current.Kind != TokenKind.Identifier || !tokens.Ahead(1).Is("::"))
        {
            return (null, ReadNameOrString("an action"));
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
                context = tokens.Current.Is("{") ? ReadRecord() : ReadReference(mayBeEntity: false);
            }
            else
            {
                var types = ReadEntityTypes();
                (principals, resources) = part.Is("principal") ? (types, resources) : (principals, types);
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

    private List<RawName> ReadEntityTypes()
    {
        if (!tokens.TryTake("["))
        {
            return [ReadTypeName()];
        }

        var types = tokens.Current.Is("]") ? [] : ReadList(ReadTypeName);
        tokens.Expect("]", "`,` or `]`");
        return types;
    }

    private RawName ReadTypeName()
    {
        var (name, span) = tokens.ExpectName("an entity type's name");
        return new(name, span);
    }

    private RawType ReadType()
    {
        if (++depth > MaximumDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new SyntaxException(tokens.Current.Span, $"nested deeper than {MaximumDepth} levels: expected a flatter type");
        }

        var start = tokens.Current.Span;
        RawType type;
        if (tokens.Current.Is("{"))
        {
            type = ReadRecord();
        }
        else if (tokens.Current.Is("Set") && tokens.Ahead(1).Is("<"))
        {
            tokens.Take();
            tokens.Take();
            type = new RawSet(start, ReadType());
            tokens.Expect(">");
        }
        else
        {
            type = ReadReference(mayBeEntity: true);
        }

        depth--;
        return type;
    }

    private RawReference ReadReference(bool mayBeEntity)
    {
        // The language's own types may be written with its own namespace, which is otherwise reserved.
        if (tokens.Current.Is(Names.Builtin) && tokens.Ahead(1).Is("::"))
        {
            var start = tokens.Take().Span;
            tokens.Take();
            return new(start, $"{Names.Builtin}::{tokens.ExpectIdentifier("a type of the language").Text}", false, true);
        }

        var (name, span) = tokens.ExpectName("a type");
        return new(span, name, mayBeEntity, true);
    }

    private RawRecord ReadRecord()
    {
        var start = tokens.Expect("{").Span;
        var attributes = new List<(string, RawType, bool)>();
        var names = new HashSet<string>();
        while (!tokens.Current.Is("}"))
        {
            SkipAnnotations();
            var token = tokens.Current;
            var name = ReadNameOrString("an attribute's name");
            if (!names.Add(name))
            {
                throw new SyntaxException(token.Span, $"the attribute `{name}` is declared twice: expected each once");
            }

            var isRequired = !tokens.TryTake("?");
            tokens.Expect(":", "`:` or `?:`");
            attributes.Add((name, ReadType(), isRequired));
            if (!tokens.TryTake(","))
            {
                break;
            }
        }

        tokens.Expect("}", "`,` or `}`");
        return new(start, attributes);
    }

    private string ReadNameOrString(string expected) =>
        tokens.Current.Kind == TokenKind.String ? TokenReader.Unquote(tokens.Take()) : tokens.ExpectIdentifier(expected).Text;

    private List<T> ReadList<T>(Func<T> read)
    {
        var list = new List<T> { read() };
        while (tokens.TryTake(","))
        {
            list.Add(read());
        }

        return list;
    }

    private void SkipAnnotations()
    {
        var names = new HashSet<string>();
        while (tokens.TryTake("@"))
        {
            var name = tokens.Current.Kind == TokenKind.Identifier ? tokens.Take() : throw tokens.Unexpected("an annotation's name");
            if (!names.Add(name.Text))
            {
                throw new SyntaxException(name.Span, $"the annotation `@{name.Text}` is given twice: expected each once");
            }

            if (tokens.TryTake("("))
            {
                tokens.ExpectString("a string, the annotation's value");
                tokens.Expect(")");
            }
        }
    }

    private static void Declare<T>(Dictionary<string, T> into, string name, Span span, T what, string kind)
    {
        if (!into.TryAdd(name, what))
        {
            throw new SyntaxException(span, $"the {kind} `{name}` is declared twice: expected each once");
        }
    }
}
