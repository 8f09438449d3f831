namespace McpInfra.Cedar;

/// <summary>Policies and templates under distinct ids; immutable, and indexed by scope on first use.</summary>
public sealed class PolicySet
{
    private readonly Dictionary<string, Policy> byId;
    private readonly Lazy<PolicyIndex> index;

    private PolicySet(Dictionary<string, Policy> byId, IEnumerable<Policy> inOrder)
    {
        this.byId = byId;
        var all = inOrder.ToList();
        (Policies, Templates) = ([.. all.Where(policy => !policy.IsTemplate)], [.. all.Where(policy => policy.IsTemplate)]);
        index = new(() => new PolicyIndex(Policies));
    }

    /// <summary>No policies: everything is denied.</summary>
    public static PolicySet Empty { get; } = new([], []);

    /// <summary>What decides: policies and linked templates, in the order of their texts.</summary>
    public IReadOnlyList<Policy> Policies { get; }

    /// <summary>Templates, which decide nothing until they are linked.</summary>
    public IReadOnlyList<Policy> Templates { get; }

    internal PolicyIndex Index => index.Value;

    /// <summary>A policy or template by its id.</summary>
    public Policy? Find(string id) => byId.GetValueOrDefault(id);

    /// <summary>Reads one text of policies.</summary>
    public static Outcome<PolicySet> Parse(string text, string name = "policies") => Parse([new SourceText(name, text)]);

    /// <summary>Reads all texts, and names the faults of all of them; two policies with one id are a fault.</summary>
    public static Outcome<PolicySet> Parse(IEnumerable<SourceText> texts, PolicyNaming naming = PolicyNaming.Ordinal)
    {
        var faults = new List<Fault>();
        var policies = new List<Policy>();
        foreach (var text in texts)
        {
            foreach (var policy in new PolicyParser(text).Parse(faults))
            {
                var id = naming == PolicyNaming.Annotation && policy.Annotations.TryGetValue("id", out var annotated) && annotated.Length > 0 ? annotated : $"policy{policies.Count}";
                policies.Add(policy.Named(id));
            }
        }

        return Gather(policies, faults);
    }

    /// <summary>Reads one policy, or a set of policies, templates and links, in JSON.</summary>
    public static Outcome<PolicySet> ParseJson(string json, string name = "policies") => new PolicyJsonReader(new JsonText(name, json), name, json).Read();

    /// <summary>Reads files; one that cannot be read or is not UTF-8 is a fault like any other.</summary>
    public static Outcome<PolicySet> Load(IEnumerable<string> paths, PolicyNaming naming = PolicyNaming.Annotation)
    {
        var read = paths.Select(path => SourceText.Read(path)).ToList();
        var parsed = Parse(read.Where(text => text.Succeeded).Select(text => text.Value!), naming);
        var unread = read.SelectMany(text => text.Faults).ToList();
        return unread.Count == 0 ? parsed : new([.. unread, .. parsed.Faults]);
    }

    /// <summary>This set and the policies of the other; an id that both have is a fault.</summary>
    public Outcome<PolicySet> With(PolicySet other) => Gather([.. All(), .. other.All()], []);

    /// <summary>This set and one policy more, made from a template: exactly the template's slots must be given.</summary>
    public Outcome<PolicySet> Link(string templateId, string id, EntityUid? principal = null, EntityUid? resource = null)
    {
        if (Find(templateId) is not { IsTemplate: true } template)
        {
            return new([new Fault("", 1, 1, $"there is no template `{templateId}`")]);
        }

        var faults = new List<Fault>();
        foreach (var (scope, entity) in new[] { (template.PrincipalScope, principal), (template.ResourceScope, resource) })
        {
            var slot = $"?{scope.Variable.ToString().ToLowerInvariant()}";
            if (scope.HasSlot && entity is null)
            {
                faults.Add(template.Source.Fault(scope.Span, $"the slot `{slot}` of template `{templateId}` is not bound: expected an entity for it"));
            }
            else if (!scope.HasSlot && entity is not null)
            {
                faults.Add(template.Source.Fault(scope.Span, $"template `{templateId}` has no slot `{slot}`: expected no entity for it"));
            }
        }

        return faults.Count > 0 ? new(faults) : Gather([.. All(), template.Link(id, principal, resource)], []);
    }

    /// <summary>The set in JSON.</summary>
    public string ToJson() => ValueWriter.Text(json => new PolicyJsonWriter(json).Write(this));

    internal static Outcome<PolicySet> Gather(IReadOnlyList<Policy> policies, List<Fault> faults)
    {
        var byId = new Dictionary<string, Policy>();
        foreach (var policy in policies)
        {
            if (!byId.TryAdd(policy.Id, policy))
            {
                faults.Add(policy.Source.Fault(policy.Span, $"the id `{policy.Id}` is taken by the policy at {byId[policy.Id].Position}: expected distinct ids"));
            }
        }

        return faults.Count > 0 ? new(faults) : new(new PolicySet(byId, policies));
    }

    private IEnumerable<Policy> All() => Policies.Concat(Templates);
}
