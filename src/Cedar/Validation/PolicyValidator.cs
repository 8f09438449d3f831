namespace McpInfra.Cedar;

/// <summary>Validates policies strictly: that every name is declared, that some action fits the scope, and that each condition has types for every form of request.</summary>
internal sealed class PolicyValidator(Schema schema)
{
    private readonly List<Fault> errors = [];
    private readonly List<Fault> warnings = [];
    private readonly HashSet<(Policy, Span, string)> reported = [];

    public ValidationReport Validate(PolicySet policies)
    {
        foreach (var policy in policies.Templates.Concat(policies.Policies))
        {
            CheckNames(policy);
            CheckScope(policy);
            if (policy.TemplateId is null)
            {
                CheckTypes(policy);
            }
        }

        return new(errors, warnings);
    }

    private void Report(Policy policy, Span span, string message)
    {
        if (reported.Add((policy, span, message)))
        {
            errors.Add(policy.Source.Fault(span.Start < 0 ? policy.Span : span, $"policy `{policy.Id}`: {message}"));
        }
    }

    private void CheckNames(Policy policy)
    {
        foreach (var scope in policy.Scopes)
        {
            if (scope.Type is { } type)
            {
                CheckType(policy, scope.Span, type);
            }

            foreach (var uid in scope.Entities)
            {
                CheckEntity(policy, scope.Span, uid);
            }
        }

        if (policy.TemplateId is null)
        {
            foreach (var condition in policy.Conditions)
            {
                CheckNames(policy, condition.Body);
            }
        }
    }

    private void CheckNames(Policy policy, Expression expression)
    {
        if (expression is LiteralExpression { Literal.Kind: ValueKind.Entity } literal)
        {
            CheckEntity(policy, literal.Span, literal.Literal.AsEntity());
        }
        else if (expression is IsExpression test)
        {
            CheckType(policy, test.Span, test.Type);
        }

        foreach (var part in expression.Parts)
        {
            CheckNames(policy, part);
        }
    }

    private void CheckType(Policy policy, Span span, string type)
    {
        if (!schema.IsKnown(type))
        {
            Report(policy, span, $"the entity type `{type}` is not declared: expected one of the schema's");
        }
    }

    private void CheckEntity(Policy policy, Span span, EntityUid uid)
    {
        CheckType(policy, span, uid.Type);
        if (uid.IsAction && schema.Find(uid) is null)
        {
            Report(policy, span, $"the action {uid} is not declared: expected one of the schema's");
        }
        else if (policy.TemplateId is null && !uid.IsAction && schema.Find(uid.Type)?.Allows(uid) == false)
        {
            Report(policy, span, $"{uid} is not one of the entities that `{uid.Type}` enumerates");
        }
    }

    private void CheckScope(Policy policy)
    {
        var principals = Types(policy.PrincipalScope);
        var resources = Types(policy.ResourceScope);
        if (!Actions(policy.ActionScope).Any(action => action.Principals.Any(principals.Contains) && action.Resources.Any(resources.Contains)))
        {
            Report(policy, policy.Span, "no action of the schema has a principal and a resource of the types that the scope names");
        }
    }

    private IEnumerable<ActionDeclaration> Actions(Scope scope) => scope.Kind switch
    {
        ScopeKind.Any => schema.ActionDeclarations,
        ScopeKind.Equal => schema.ActionDeclarations.Where(action => action.Uid.Equals(scope.Entities[0])),
        _ when scope.Entities.Any(group => schema.Find(group) is null) => [],
        _ => schema.ActionDeclarations.Where(action => scope.Entities.Any(group => schema.IsIn(action.Uid, group))),
    };

    private HashSet<string> Types(Scope scope) => scope.Kind switch
    {
        ScopeKind.Any => [.. schema.EntityTypes],
        ScopeKind.Is => schema.IsKnown(scope.Type!) ? [scope.Type!] : [],
        ScopeKind.IsIn when scope.HasSlot => schema.IsKnown(scope.Type!) ? [scope.Type!] : [],
        _ when scope.HasSlot => [.. schema.EntityTypes],
        ScopeKind.Equal => [scope.Entities[0].Type],
        ScopeKind.In => [.. schema.Within(scope.Entities[0].Type)],
        _ => [.. schema.Within(scope.Entities[0].Type).Where(type => type == scope.Type)],
    };

    private void CheckTypes(Policy policy)
    {
        var before = errors.Count;
        var possible = false;
        var conditions = Conditions(policy);
        foreach (var form in Forms(policy))
        {
            var checker = new TypeChecker(schema, form, (span, message) => Report(policy, span, message));
            possible |= !Conjoin(checker, conditions, 0, Capabilities.None).IsFalse;
        }

        if (!possible && errors.Count == before)
        {
            warnings.Add(policy.Source.Fault(policy.Span, $"policy `{policy.Id}`: it can never apply, whatever the request"));
        }
    }

    /// <summary>The parts nest to the right, so that what one shows is known to all that follow.</summary>
    private static Judgement Conjoin(TypeChecker checker, IReadOnlyList<Expression> parts, int from, Capabilities known)
    {
        var left = checker.Expect(parts[from], known, CedarType.Boolean);
        if (from == parts.Count - 1 || left.IsFalse)
        {
            return left;
        }

        var right = Conjoin(checker, parts, from + 1, known.Or(left.Known));
        return left.Type is null || right.Type is null ? null : right.IsFalse ? CedarType.False : right.IsTrue ? left : left.IsTrue ? right : CedarType.Boolean;
    }

    private static List<Expression> Conditions(Policy policy) =>
        [.. policy.Scopes.SelectMany(Conditions), .. policy.Conditions.Select(condition => condition.IsWhen ? condition.Body : new NotExpression(condition.Body, condition.Span))];

    private static IEnumerable<Expression> Conditions(Scope scope)
    {
        var variable = new VariableExpression(scope.Variable, scope.Span);
        if (scope.Kind == ScopeKind.Any)
        {
            yield return new LiteralExpression(Value.True, scope.Span);
        }

        if (scope.Kind is ScopeKind.Is or ScopeKind.IsIn)
        {
            yield return new IsExpression(variable, scope.Type!, scope.Span);
        }

        if (scope.Kind is ScopeKind.Is or ScopeKind.Any)
        {
            yield break;
        }

        Expression[] entities = [.. scope.Entities.Select(uid => new LiteralExpression(Value.Of(uid), scope.Span))];
        Expression right = scope.HasSlot ? new SlotExpression(scope.Variable, scope.Span)
            : scope.Variable == Variable.Action && scope.Kind == ScopeKind.In ? new SetExpression(entities, scope.Span)
            : entities[0];
        yield return new BinaryExpression(scope.Kind == ScopeKind.Equal ? BinaryOperator.Equal : BinaryOperator.In, variable, right, scope.Span);
    }

    private IEnumerable<RequestForm> Forms(Policy policy) =>
        from action in schema.ActionDeclarations
        from principal in action.Principals
        from resource in action.Resources
        from principalSlot in SlotTypes(policy.PrincipalScope, principal)
        from resourceSlot in SlotTypes(policy.ResourceScope, resource)
        select new RequestForm(action, principal, resource, principalSlot, resourceSlot);

    private IEnumerable<string?> SlotTypes(Scope scope, string type) =>
        !scope.HasSlot ? [null]
        : scope.Kind == ScopeKind.Equal ? [type]
        : [type, .. schema.EntityDeclarations.Where(above => above.Descendants.Contains(type)).Select(above => above.Name)];
}
