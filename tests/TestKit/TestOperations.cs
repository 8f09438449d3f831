using System.Text.Json;
using McpInfra.Guardrails;
using McpInfra.Guardrails.Binding;

namespace McpInfra.TestKit;

/// <summary>Small operations for tests.</summary>
public static class TestOperations
{
    /// <summary>An operation with typed arguments.</summary>
    public static Operation Of<TArgs>(
        string name, Func<TArgs, Call, CancellationToken, ValueTask<Answer>> run, Tier tier = Tier.Observe, OperationKind kind = OperationKind.Tool)
        where TArgs : class => new()
    {
        Kind = kind,
        Name = name,
        Tier = tier,
        Description = $"For tests: {name}.",
        Schema = Binder<TArgs>.Schema,
        Bind = Binder<TArgs>.Bind,
        Run = (call, stop) => run((TArgs)call.Arguments, call, stop),
    };

    /// <summary>Answers with the text that it was given, as tenant's text.</summary>
    public static Operation Echo { get; } = Of<EchoArgs>("echo", (args, _, _) => new(new Answer([new Part(Trust.Tenant, args.Text, "text")])));

    /// <param name="Text">Any text.</param>
    public sealed record EchoArgs(string Text);

    /// <summary>No arguments.</summary>
    public sealed record NoArgs;
}
