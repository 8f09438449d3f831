using System.Runtime.CompilerServices;

namespace McpInfra.Cedar;

/// <summary>Reads the types of a schema in Cedar syntax: records, sets and names.</summary>
internal sealed class SchemaTypeParser(TokenReader tokens)
{
    private const int MaximumDepth = 200;

    private int depth;

    public RawType ReadType()
    {
        if (++depth > MaximumDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new SyntaxException(tokens.Current.Span, $"nested deeper than {MaximumDepth} levels: expected a flatter type");
        }

        var type = tokens.Current.Is("Set") && tokens.Ahead(1).Is("<") ? ReadSet() : tokens.Current.Is("{") ? ReadRecord() : ReadReference(mayBeEntity: true);
        depth--;
        return type;
    }

    /// <summary>A record or the name of one, for a context.</summary>
    public RawType ReadContext() => tokens.Current.Is("{") ? ReadRecord() : ReadReference(mayBeEntity: false);

    public RawRecord ReadRecord()
    {
        var start = tokens.Expect("{").Span;
        var attributes = new Dictionary<string, RawAttribute>(StringComparer.Ordinal);
        while (!tokens.Current.Is("}"))
        {
            var annotations = Annotations.Read(tokens);
            var name = tokens.ExpectNameOrString("an attribute's name");
            var isRequired = !tokens.TryTake("?");
            tokens.Expect(":", "`:` or `?:`");
            attributes[name] = new(ReadType(), isRequired, annotations);
            if (!tokens.TryTake(","))
            {
                break;
            }
        }

        tokens.Expect("}", "`,` or `}`");
        return new(start, attributes);
    }

    /// <summary>One entity type, or several in brackets.</summary>
    public List<RawName> ReadEntityTypes()
    {
        if (!tokens.TryTake("["))
        {
            return [ReadEntityType()];
        }

        var types = tokens.Current.Is("]") ? [] : tokens.ReadList(ReadEntityType);
        tokens.Expect("]", "`,` or `]`");
        return types;
    }

    private RawName ReadEntityType()
    {
        var (name, span) = tokens.ExpectName("an entity type's name");
        return new(name, span);
    }

    private RawType ReadSet()
    {
        var start = tokens.Take().Span;
        tokens.Expect("<");
        var set = new RawSet(start, ReadType());
        tokens.Expect(">");
        return set;
    }

    private RawType ReadReference(bool mayBeEntity)
    {
        // The language's own types may be written with its own namespace, which is otherwise reserved.
        if (tokens.Current.Is(Names.Builtin) && tokens.Ahead(1).Is("::"))
        {
            var start = tokens.Take().Span;
            tokens.Take();
            return new RawReference(start, $"{Names.Builtin}::{tokens.ExpectIdentifier("a type of the language").Text}", false, true);
        }

        var (name, span) = tokens.ExpectName("a type");
        return new RawReference(span, name, mayBeEntity, true);
    }
}
