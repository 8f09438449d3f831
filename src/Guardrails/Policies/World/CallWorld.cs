using McpInfra.Cedar;

namespace McpInfra.Guardrails.Policies.World;

/// <summary>One call and one of its targets as Cedar sees them; an entity is made when a rule first asks for it.</summary>
/// <param name="call">The call.</param>
/// <param name="target">The target; null for a call that touches nothing in particular.</param>
internal sealed class CallWorld(Call call, Target? target) : IEntitySource
{
    private readonly EntityUid organization = new("Organization", call.Caller.Organization);
    private readonly EntityUid principal = new("Agent", call.Caller.Agent.Name);
    private readonly EntityUid action = new("Action", call.Operation.Name);
    private readonly EntityUid resource = new(TypeOf(target), target?.Id ?? call.Caller.Organization);

    /// <summary>The question, with the context that all targets of the call share.</summary>
    public Cedar.Request Question(CedarRecord context) => new(principal, action, resource, context);

    /// <inheritdoc/>
    public Entity? Find(EntityUid uid) =>
        uid.Equals(resource) ? new(uid, Attributes(), Parents(), Tags())
        : uid.Equals(principal) ? new(uid, CedarRecord.From([new("name", Value.Of(uid.Id)), new("tier", Value.Of((long)call.Caller.Agent.Tier))]), [organization])
        : uid.Equals(action) ? new(uid, parents: [TierOf(call.Operation.Tier)])
        : uid.Type switch
        {
            "Person" => new(uid, CedarRecord.From([new("name", Value.Of(uid.Id))]), [organization]),
            "Environment" or "Account" => new(uid, parents: [organization]),
            "Repository" => new(uid, CallWorld.Attributes(new Target { Id = uid.Id, Type = "repository", Repository = uid.Id }), [organization]),
            _ => null,
        };

    /// <summary>The group of a tier's actions.</summary>
    public static EntityUid TierOf(Tier tier) => new("Action", tier.ToString().ToLowerInvariant());

    /// <summary>Which entity type stands for a target.</summary>
    public static string TypeOf(Target? target) => target?.Type switch
    {
        null => "Estate",
        "repository" => "Repository",
        "stack" => "Stack",
        "plan" => "Plan",
        "proposal" => "Proposal",
        _ => "Resource",
    };

    private CedarRecord Attributes() => Attributes(target);

    // What is not known is the empty text, so that a rule need not ask first; environments are compared in lower case.
    private static CedarRecord Attributes(Target? target) => CedarRecord.From(
    [
        new("account", Value.Of(target?.Account ?? "")),
        new("environment", Value.Of(target?.Environment?.ToLowerInvariant() ?? "")),
        new("managed", Value.Of(target?.Managed ?? false)),
        new("owner", Value.Of(target?.Owner ?? "")),
        new("region", Value.Of(target?.Region ?? "")),
        new("repository", Value.Of(target?.Repository ?? "")),
        new("type", Value.Of(target?.Type ?? "")),
    ]);

    private List<EntityUid> Parents()
    {
        var parents = new List<EntityUid> { organization };
        Add("Environment", target?.Environment?.ToLowerInvariant());
        Add("Account", target?.Account);
        Add("Repository", resource.Type == "Repository" ? null : target?.Repository);
        return parents;

        void Add(string type, string? id)
        {
            if (id is { Length: > 0 })
            {
                parents.Add(new EntityUid(type, id));
            }
        }
    }

    private CedarRecord Tags() => target is null ? CedarRecord.Empty : CedarRecord.From(target.Tags.Select(tag => KeyValuePair.Create(tag.Key, Value.Of(tag.Value))));
}
