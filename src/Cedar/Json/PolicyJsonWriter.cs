using System.Text.Json;

namespace McpInfra.Cedar;

/// <summary>Writes policies in the language's JSON form.</summary>
internal sealed class PolicyJsonWriter(Utf8JsonWriter json)
{
    public void Write(PolicySet set)
    {
        json.WriteStartObject();
        WriteAll("staticPolicies", set.Policies.Where(policy => policy.TemplateId is null));
        WriteAll("templates", set.Templates);
        json.WriteStartArray("templateLinks");
        foreach (var policy in set.Policies.Where(policy => policy.TemplateId is not null))
        {
            WriteLink(policy, set.Find(policy.TemplateId!)!);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteAll(string name, IEnumerable<Policy> policies)
    {
        json.WriteStartObject(name);
        foreach (var policy in policies)
        {
            json.WritePropertyName(policy.Id);
            Write(policy);
        }

        json.WriteEndObject();
    }

    private void WriteLink(Policy policy, Policy template)
    {
        json.WriteStartObject();
        json.WriteString("templateId", template.Id);
        json.WriteString("newId", policy.Id);
        json.WriteStartObject("values");
        foreach (var (slot, bound) in new[] { (template.PrincipalScope, policy.PrincipalScope), (template.ResourceScope, policy.ResourceScope) })
        {
            if (slot.HasSlot)
            {
                json.WritePropertyName($"?{slot.Variable.ToString().ToLowerInvariant()}");
                ValueWriter.WriteUid(json, bound.Entities[0]);
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Write(Policy policy)
    {
        json.WriteStartObject();
        json.WriteString("effect", policy.Effect == Effect.Permit ? "permit" : "forbid");
        foreach (var scope in policy.Scopes)
        {
            Write(scope);
        }

        json.WriteStartArray("conditions");
        foreach (var condition in policy.Conditions)
        {
            json.WriteStartObject();
            json.WriteString("kind", condition.IsWhen ? "when" : "unless");
            json.WritePropertyName("body");
            new ExpressionJsonWriter(json).Write(condition.Body);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Annotations.Write(json, policy.Annotations);
        json.WriteEndObject();
    }

    private void Write(Scope scope)
    {
        json.WriteStartObject(scope.Variable.ToString().ToLowerInvariant());
        json.WriteString("op", scope.Kind switch { ScopeKind.Any => "All", ScopeKind.Equal => "==", ScopeKind.In => "in", _ => "is" });
        if (scope.Type is not null)
        {
            json.WriteString("entity_type", scope.Type);
        }

        if (scope.Kind == ScopeKind.IsIn)
        {
            json.WriteStartObject("in");
            WriteEntity(scope);
            json.WriteEndObject();
        }
        else
        {
            WriteEntity(scope);
        }

        json.WriteEndObject();
    }

    private void WriteEntity(Scope scope)
    {
        if (scope.HasSlot)
        {
            json.WriteString("slot", $"?{scope.Variable.ToString().ToLowerInvariant()}");
        }
        else if (scope.IsList)
        {
            json.WriteStartArray("entities");
            foreach (var entity in scope.Entities)
            {
                ValueWriter.WriteUid(json, entity);
            }

            json.WriteEndArray();
        }
        else if (scope.Entities.Count > 0)
        {
            json.WritePropertyName("entity");
            ValueWriter.WriteUid(json, scope.Entities[0]);
        }
    }
}
