using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Binding;

namespace McpInfra.Host.Edge;

/// <summary>Completes what a person types for a resource; shows what searching would show, so it needs searching to be allowed.</summary>
public static class CompleteOperation
{
    /// <summary>The operation's name.</summary>
    public const string Name = "complete";

    private const int MostValues = 100;

    /// <summary>The operation, over a look-up of resource ids by how they begin.</summary>
    /// <param name="ids">At most so many ids that begin with the text, for the caller's organisation.</param>
    public static Operation Over(Func<Call, string, int, CancellationToken, ValueTask<IReadOnlyList<string>>> ids) => new()
    {
        Kind = OperationKind.Completion,
        Name = Name,
        Tier = Tier.Observe,
        Description = "Completes resource ids.",
        Schema = Binder<Args>.Schema,
        Bind = Binder<Args>.Bind,
        Needs = ["search_resources"],
        Run = async (call, stop) =>
        {
            var args = (Args)call.Arguments;
            var found = args.Argument is "id" or "resource" ? await ids(call, args.Value, MostValues + 1, stop) : [];
            return Answer.Own("Completions.") with
            {
                Structured = new JsonObject
                {
                    ["values"] = new JsonArray([.. found.Take(MostValues).Select(id => JsonValue.Create(id))]),
                    ["hasMore"] = found.Count > MostValues,
                },
            };
        },
    };

    /// <param name="Reference">Name of the prompt, or template of the resource, that is being filled in.</param>
    /// <param name="Argument">Its argument.</param>
    /// <param name="Value">What was typed so far.</param>
    internal sealed record Args([MaxLength(200)] string Reference, [MaxLength(200)] string Argument, [MaxLength(1000)] string Value);
}
