using System.Collections.Immutable;

namespace McpInfra.Cedar;

/// <summary>Attributes and tags known to exist, by the shape of the expression that they belong to.</summary>
internal readonly record struct Capabilities(ImmutableHashSet<string> Shapes)
{
    public static Capabilities None { get; } = new([]);

    public static Capabilities Attribute(Expression target, string name) => new([AttributeShape(target, name)]);

    public static Capabilities Tag(Expression target, Expression tag) => new([TagShape(target, tag)]);

    public bool HasAttribute(Expression target, string name) => Shapes.Contains(AttributeShape(target, name));

    public bool HasTag(Expression target, Expression tag) => Shapes.Contains(TagShape(target, tag));

    public Capabilities Or(Capabilities other) => new(Shapes.Union(other.Shapes));

    public Capabilities And(Capabilities other) => new(Shapes.Intersect(other.Shapes));

    private static string AttributeShape(Expression target, string name) => $"{ExpressionPrinter.Print(target)} has {Quoting.Quote(name)}";

    private static string TagShape(Expression target, Expression tag) => $"{ExpressionPrinter.Print(target)} tag {ExpressionPrinter.Print(tag)}";
}
