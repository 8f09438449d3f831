namespace McpInfra.Graph.Hcl;

/// <summary>An expression, unevaluated. Chains are flat and nesting is bounded, so a recursive walk cannot exhaust the stack.</summary>
public abstract record HclExpression
{
    private HclSpan span;

    private HclExpression()
    {
    }

    /// <summary>Where it stands.</summary>
    public HclSpan Span
    {
        get => span;
        init => span = value;
    }

    /// <summary>The expressions directly within it, in the order written.</summary>
    public virtual IEnumerable<HclExpression> Children => [];

    /// <summary>Says where it stands, of one that nobody but its reader has seen.</summary>
    internal HclExpression At(HclSpan where)
    {
        span = where;
        return this;
    }

    /// <summary>`null`.</summary>
    public sealed record Null : HclExpression;

    /// <summary>`true` or `false`.</summary>
    public sealed record Boolean(bool Value) : HclExpression;

    /// <summary>A number, as written.</summary>
    public sealed record Number(string Written) : HclExpression;

    /// <summary>A string without template sequences, escapes decoded; also the text between them, and a bare word used as an object's key.</summary>
    public sealed record Text(string Value) : HclExpression;

    /// <summary>A string with at least one template sequence: texts, interpolations and directives.</summary>
    public sealed record Template(IReadOnlyList<HclExpression> Parts) : HclExpression
    {
        /// <inheritdoc/>
        public override IEnumerable<HclExpression> Children => Parts;
    }

    /// <summary>`${…}` within a template.</summary>
    public sealed record Interpolation(HclExpression Value) : HclExpression
    {
        /// <inheritdoc/>
        public override IEnumerable<HclExpression> Children => [Value];
    }

    /// <summary>`%{ if … }` within a template.</summary>
    public sealed record IfDirective(HclExpression Condition, IReadOnlyList<HclExpression> Then, IReadOnlyList<HclExpression> Else) : HclExpression
    {
        /// <inheritdoc/>
        public override IEnumerable<HclExpression> Children => [Condition, .. Then, .. Else];
    }

    /// <summary>`%{ for … }` within a template.</summary>
    public sealed record ForDirective(string? Key, string Value, HclExpression Collection, IReadOnlyList<HclExpression> Body) : HclExpression
    {
        /// <inheritdoc/>
        public override IEnumerable<HclExpression> Children => [Collection, .. Body];
    }

    /// <summary>`[a, b]`.</summary>
    public sealed record Tuple(IReadOnlyList<HclExpression> Items) : HclExpression
    {
        /// <inheritdoc/>
        public override IEnumerable<HclExpression> Children => Items;
    }

    /// <summary>`{ a = b }`. A key may occur twice; the engine takes the last.</summary>
    public sealed record Map(IReadOnlyList<HclItem> Items) : HclExpression
    {
        /// <inheritdoc/>
        public override IEnumerable<HclExpression> Children => Items.SelectMany(item => new[] { item.Key, item.Value });
    }

    /// <summary>`[for k, v in c : r if x]` or, with a key result, `{for k, v in c : kr => r... if x}`.</summary>
    public sealed record For(string? Key, string Value, HclExpression Collection, HclExpression? KeyResult, HclExpression Result, bool Groups, HclExpression? Condition) : HclExpression
    {
        /// <inheritdoc/>
        public override IEnumerable<HclExpression> Children => new[] { Collection, KeyResult, Result, Condition }.OfType<HclExpression>();
    }

    /// <summary>`a ? b : c`.</summary>
    public sealed record Conditional(HclExpression Condition, HclExpression Then, HclExpression Else) : HclExpression
    {
        /// <inheritdoc/>
        public override IEnumerable<HclExpression> Children => [Condition, Then, Else];
    }

    /// <summary>`!a` or `-a`.</summary>
    public sealed record Unary(string Operator, HclExpression Operand) : HclExpression
    {
        /// <inheritdoc/>
        public override IEnumerable<HclExpression> Children => [Operand];
    }

    /// <summary>Operands of one precedence with the operators between them, to be read from the left.</summary>
    public sealed record Operation(IReadOnlyList<HclExpression> Operands, IReadOnlyList<string> Operators) : HclExpression
    {
        /// <inheritdoc/>
        public override IEnumerable<HclExpression> Children => Operands;
    }

    /// <summary>A function call; the name has its namespaces, as in `provider::x::f`.</summary>
    public sealed record Call(string Name, IReadOnlyList<HclExpression> Arguments, bool ExpandsLast) : HclExpression
    {
        /// <inheritdoc/>
        public override IEnumerable<HclExpression> Children => Arguments;
    }

    /// <summary>A name in scope, such as `var`.</summary>
    public sealed record Variable(string Name) : HclExpression;

    /// <summary>Steps from a root: attributes, indexes, splats.</summary>
    public sealed record Traversal(HclExpression Root, IReadOnlyList<HclStep> Steps) : HclExpression
    {
        /// <inheritdoc/>
        public override IEnumerable<HclExpression> Children => [Root, .. Steps.Select(step => step.Index).OfType<HclExpression>()];
    }

    /// <summary>`(a)`.</summary>
    public sealed record Parentheses(HclExpression Inner) : HclExpression
    {
        /// <inheritdoc/>
        public override IEnumerable<HclExpression> Children => [Inner];
    }
}

/// <summary>One item of an object.</summary>
/// <param name="Key">A <see cref="HclExpression.Text"/> where a bare word was written.</param>
/// <param name="Value">Value.</param>
public sealed record HclItem(HclExpression Key, HclExpression Value);

/// <summary>One step of a traversal: an attribute, an index, or (neither) a splat.</summary>
/// <param name="Attribute">Name of the attribute; digits for the old `.0` form.</param>
/// <param name="Index">Key within brackets.</param>
/// <param name="Full">Whether a splat is `[*]` and not `.*`.</param>
public sealed record HclStep(string? Attribute, HclExpression? Index, bool Full = false);
