namespace McpInfra.Cedar;

/// <summary>A policy, or a template of policies when its head has slots. Immutable.</summary>
public sealed class Policy
{
    internal Policy(SourceText source, Span span, Effect effect, IReadOnlyDictionary<string, string> annotations, Scope principal, Scope action, Scope resource, IReadOnlyList<Condition> conditions)
    {
        (Source, Span, Effect, Annotations) = (source, span, effect, annotations);
        (PrincipalScope, ActionScope, ResourceScope, Conditions) = (principal, action, resource, conditions);
    }

    /// <summary>Its name within its set.</summary>
    public string Id { get; internal init; } = "";

    /// <summary>Permit or forbid.</summary>
    public Effect Effect { get; }

    /// <summary>Annotations by name; one without a value is the empty text.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; }

    /// <summary>The template that it was linked from, if it was.</summary>
    public string? TemplateId { get; internal init; }

    /// <summary>Whether it has slots, and so decides nothing until it is linked.</summary>
    public bool IsTemplate => PrincipalScope.HasSlot || ResourceScope.HasSlot;

    /// <summary>Where it is written; a policy read from JSON has the place of its object.</summary>
    public SourcePosition Position => Source.Position(Span);

    /// <summary>The policy in Cedar syntax, laid out one way whatever its source looked like.</summary>
    public string Text => PolicyPrinter.Print(this);

    internal SourceText Source { get; }

    internal Span Span { get; }

    internal Scope PrincipalScope { get; }

    internal Scope ActionScope { get; }

    internal Scope ResourceScope { get; }

    internal IReadOnlyList<Condition> Conditions { get; }

    internal IEnumerable<Scope> Scopes => [PrincipalScope, ActionScope, ResourceScope];

    internal Policy Named(string id) => With(id, TemplateId, PrincipalScope, ResourceScope);

    internal Policy Link(string id, EntityUid? principal, EntityUid? resource) =>
        With(id, Id, principal is null ? PrincipalScope : PrincipalScope.Bind(principal), resource is null ? ResourceScope : ResourceScope.Bind(resource));

    internal bool Applies(Evaluation evaluation) =>
        PrincipalScope.Matches(evaluation.Request.Principal, evaluation)
        && ActionScope.Matches(evaluation.Request.Action, evaluation)
        && ResourceScope.Matches(evaluation.Request.Resource, evaluation);

    /// <summary>true, false, or why it failed: every `when` holds and no `unless` does, from the first on.</summary>
    internal Value Test(Evaluation evaluation)
    {
        foreach (var condition in Conditions)
        {
            var value = condition.Body.Evaluate(evaluation);
            if (value.Kind != ValueKind.Boolean)
            {
                return value.IsFault ? value : Value.Failed(new EvaluationFault(condition.Body.Span, "type error: expected the condition to be a boolean"));
            }

            if (value.AsBoolean() != condition.IsWhen)
            {
                return Value.False;
            }
        }

        return Value.True;
    }

    private Policy With(string id, string? template, Scope principal, Scope resource) =>
        new(Source, Span, Effect, Annotations, principal, ActionScope, resource, Conditions) { Id = id, TemplateId = template };
}
