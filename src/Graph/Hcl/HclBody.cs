namespace McpInfra.Graph.Hcl;

/// <summary>The inside of a file or block. In JSON files, properties that the language does not fix as blocks are attributes.</summary>
/// <param name="Attributes">In the order written.</param>
/// <param name="Blocks">In the order written.</param>
public sealed record HclBody(IReadOnlyList<HclAttribute> Attributes, IReadOnlyList<HclBlock> Blocks)
{
    /// <summary>Nothing at all.</summary>
    public static HclBody Empty { get; } = new([], []);

    /// <summary>The first attribute of that name, or null.</summary>
    public HclAttribute? Attribute(string name)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Name == name)
            {
                return attribute;
            }
        }

        return null;
    }
}

/// <summary>A name with its expression.</summary>
/// <param name="Name">Name.</param>
/// <param name="Value">Value.</param>
/// <param name="Span">From the name to the value's end.</param>
public sealed record HclAttribute(string Name, HclExpression Value, HclSpan Span);

/// <summary>A block.</summary>
/// <param name="Type">The word it begins with.</param>
/// <param name="Labels">Its labels, escapes decoded.</param>
/// <param name="Body">Its inside.</param>
/// <param name="Span">From the type to the closing brace.</param>
public sealed record HclBlock(string Type, IReadOnlyList<string> Labels, HclBody Body, HclSpan Span);
