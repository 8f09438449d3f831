using McpInfra.Guardrails;
using McpInfra.Guardrails.Binding;

namespace McpInfra.Host.Edge.Prompts;

/// <summary>Makes a prompt an operation: our instructions, and what the person filled in as text of others, framed.</summary>
public static class PromptOperation
{
    /// <summary>The operation.</summary>
    /// <typeparam name="TArgs">A record of strings; see <see cref="Binder{T}"/>.</typeparam>
    /// <param name="name">snake_case, unique among prompts.</param>
    /// <param name="description">What a person gets from it.</param>
    /// <param name="needs">Tools that it has the model use: without them it is neither listed nor given.</param>
    /// <param name="text">Our instructions.</param>
    /// <param name="given">What was filled in, a line each; nulls are left out.</param>
    public static Operation Of<TArgs>(string name, string description, IReadOnlyList<string> needs, string text, Func<TArgs, IEnumerable<(string Name, string? Value)>> given)
        where TArgs : class => new()
    {
        Kind = OperationKind.Prompt,
        Name = name,
        Tier = Tier.Observe,
        Description = description,
        Schema = Binder<TArgs>.Schema,
        Bind = Binder<TArgs>.Bind,
        Needs = needs,
        Run = (call, stop) =>
        {
            var lines = given((TArgs)call.Arguments).Where(line => !string.IsNullOrEmpty(line.Value)).Select(line => $"{line.Name}: {line.Value}").ToList();
            return new(new Answer(lines.Count == 0
                ? [new Part(Trust.Own, text)]
                : [new Part(Trust.Own, text), new Part(Trust.Tenant, string.Join('\n', lines), "what the person filled in")]));
        },
    };
}
