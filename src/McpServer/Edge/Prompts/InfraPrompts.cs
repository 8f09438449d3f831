using System.ComponentModel;
using McpInfra.Guardrails;

namespace McpInfra.Host.Edge.Prompts;

/// <summary>The prompts that answer "what can I ask here?".</summary>
public static class InfraPrompts
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Operation> All { get; } =
    [
        PromptOperation.Of<About>(
            "explore", "What is there: resources, findings and what no code manages, for a topic or for everything", ["search_resources"],
            "Give an overview of this infrastructure. Use search_resources with count_by for types, accounts and environments; then list findings by severity and resources that nothing manages. Answer in a short table with ids to go on with, and say how fresh the facts are.",
            args => [("topic", args.Topic)]),
        PromptOperation.Of<OfResource>(
            "blast_radius", "What breaks if this resource changes or goes away", ["describe_resource", "trace_resources"],
            "Find out what depends on the resource. Use describe_resource, then trace_resources with direction impact. Group what is hit by environment and owner, name the code address of each that has one, and say which facts are missing or stale.",
            args => [("resource", args.Resource)]),
        PromptOperation.Of<OfFinding>(
            "fix_finding", "Plan the smallest change that mends a finding, and propose it", ["search_resources", "describe_resource", "read_repository", "plan_change"],
            "Mend the finding with the smallest change of code. Find its resource and code (search_resources, describe_resource, read_repository), see what the change would break (trace_resources), then plan_change. Show the plan and stop if it does more than the finding asks. Then propose_change, or, if that is refused, tell the person what the refusal says.",
            args => [("finding", args.Finding), ("resource", args.Resource)]),
        PromptOperation.Of<OfStack>(
            "review_drift", "What the cloud does that the code does not say, and what to do about it", ["search_resources"],
            "Compare the cloud with the code. Use detect_drift if it is listed, and search_resources for resources that nothing manages. For each difference say whether the code should follow or the cloud should be brought back, and who owns it.",
            args => [("repository", args.Repository), ("stack", args.Stack)]),
        PromptOperation.Of<OfOperation>(
            "why_refused", "Why an operation would be refused here, and who can change that", ["explain_access"],
            "Explain in plain words what this agent may and may not do. Use explain_access for the operation, and name the guard, its rule and its remedy.",
            args => [("operation", args.Operation)]),
    ];

    internal sealed record About([Description("What to look at, in the person's words; leave out for everything")] string? Topic = null);

    internal sealed record OfResource([Description("Id, name or code address")] string Resource);

    internal sealed record OfFinding([Description("Id or title of the finding")] string Finding, [Description("Id or name of the resource, when known")] string? Resource = null);

    internal sealed record OfStack([Description("Registered repository")] string? Repository = null, [Description("Folder of the stack within it")] string? Stack = null);

    internal sealed record OfOperation([Description("Name of the operation")] string Operation);
}
