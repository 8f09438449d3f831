using McpInfra.Guardrails;
using McpInfra.Guardrails.Budgets;

namespace McpInfra.Tools;

/// <summary>A tool in one file: its arguments as a record, what it declares, and its work.</summary>
/// <typeparam name="TArgs">A record whose positional parameters are the arguments; see <see cref="McpInfra.Guardrails.Binding.Binder{T}"/>.</typeparam>
public interface ITool<TArgs>
    where TArgs : class
{
    /// <summary>Name, tier and description.</summary>
    static abstract ToolDeclaration Declaration { get; }

    /// <summary>Resolves what the arguments point at, before any guard that looks at targets; nothing in particular unless overridden.</summary>
    ValueTask<Resolution> TargetsAsync(TArgs args, Caller caller, CancellationToken stop) => new(Resolution.None);

    /// <summary>Does the work; what cannot be done is <see cref="Answer.Fault"/>.</summary>
    ValueTask<Answer> RunAsync(TArgs args, Call call, CancellationToken stop);
}

/// <summary>What a tool declares of itself.</summary>
/// <param name="Name">snake_case, unique.</param>
/// <param name="Tier">How far it reaches.</param>
/// <param name="Description">One or two sentences for the model.</param>
/// <param name="Spends">What a call spends besides itself.</param>
public sealed record ToolDeclaration(string Name, Tier Tier, string Description, Spend Spends = Spend.None);
