using System.Text.Json;
using McpInfra.Cedar;

namespace McpInfra.Guardrails.Policies.World;

/// <summary>The context of a call as Cedar sees it: arguments, plan facts, session, time, mode.</summary>
internal static class CallContext
{
    private const int MostDepth = 8;

    /// <summary>The context.</summary>
    public static CedarRecord Of(Call call, DateTimeOffset now)
    {
        var session = call.Caller.Session;
        var members = new List<KeyValuePair<string, Value>>(8)
        {
            new("arguments", Arguments(call.Given)),
            new("enforced", Value.Of(call.Caller.Enforced)),
            new("hour", Value.Of((long)now.UtcDateTime.Hour)),
            new("now", Value.Of(now)),
            new("session", Value.Of(CedarRecord.From(
            [
                new("flagged", Value.Of(session.FlaggedBy is not null)),
                new("minutes", Value.Of((long)Math.Max(0, (now - session.Started).TotalMinutes))),
                new("repositories", Texts(session.RepositoriesRead)),
            ]))),
            new("weekday", Value.Of(now.UtcDateTime.DayOfWeek.ToString())),
        };
        if (call.Caller.Person is { } person)
        {
            members.Add(new("person", Value.Of(new EntityUid("Person", person))));
        }

        if (call.Targets.FirstOrDefault(target => target.Plan is not null)?.Plan is { } plan)
        {
            members.Add(new("plan", Value.Of(Facts(plan))));
        }

        return CedarRecord.From(members);
    }

    private static CedarRecord Facts(PlanFacts plan)
    {
        var members = new List<KeyValuePair<string, Value>>
        {
            new("creates", Value.Of(plan.Creates)),
            new("updates", Value.Of(plan.Updates)),
            new("replaces", Value.Of(plan.Replaces)),
            new("deletes", Value.Of(plan.Deletes)),
            new("forgets", Value.Of(plan.Forgets)),
            new("types", Texts(plan.Types)),
            new("statefulDeletes", Value.Of(plan.StatefulDeletes)),
            new("statefulReplaces", Value.Of(plan.StatefulReplaces)),
            new("publicExposure", Value.Of(plan.PublicExposure)),
            new("permissionsWidened", Value.Of(plan.PermissionsWidened)),
            new("encryptionRemoved", Value.Of(plan.EncryptionRemoved)),
            new("taggable", Value.Of(plan.Taggable)),
            new("tagsOnEvery", Texts(plan.TagsOnEvery)),
            new("impact", Value.Of(plan.Impact)),
            new("impactUnknown", Value.Of(plan.ImpactUnknown)),
            new("costUnknown", Value.Of(plan.CostUnknown)),
        };
        if (plan.CostDelta is { } cost)
        {
            members.Add(new("costDelta", Value.Decimal((long)decimal.Round(Math.Clamp(cost, -900_000_000_000m, 900_000_000_000m) * 10_000m))));
        }

        return CedarRecord.From(members);
    }

    // As the operation's schema types them: texts, whole numbers, truths, lists as sets, objects as records; null is absent.
    private static Value Arguments(JsonElement given) => given.ValueKind is JsonValueKind.Object ? Of(given, 0)!.Value : Value.Of(CedarRecord.Empty);

    private static Value? Of(JsonElement element, int depth) => element.ValueKind switch
    {
        _ when depth > MostDepth => null,
        JsonValueKind.String => Value.Of(element.GetString()!),
        JsonValueKind.True => Value.Of(true),
        JsonValueKind.False => Value.Of(false),
        JsonValueKind.Number => element.TryGetInt64(out var number) ? Value.Of(number) : null,
        JsonValueKind.Array => Value.Of(CedarSet.From(element.EnumerateArray().Select(item => Of(item, depth + 1)).OfType<Value>())),
        JsonValueKind.Object => Value.Of(CedarRecord.From(element.EnumerateObject()
            .Select(member => (member.Name, Value: Of(member.Value, depth + 1)))
            .Where(member => member.Value is not null)
            .Select(member => KeyValuePair.Create(member.Name, member.Value!.Value)))),
        _ => null,
    };

    private static Value Texts(IEnumerable<string> texts) => Value.Of(CedarSet.From(texts.Select(text => Value.Of(text))));
}
