using McpInfra.Guardrails.Injection;
using McpInfra.Guardrails.Redaction;
using McpInfra.Guardrails.Spotlight;

namespace McpInfra.Guardrails;

/// <summary>What cleans every answer, in the contract's order.</summary>
public static class OutputGuards
{
    /// <summary>redact, neutralise, injection (marks others' text that gives orders), spotlight, trim.</summary>
    /// <param name="tokens">The organisation's tokens.</param>
    /// <param name="injection">The filter of the server.</param>
    public static IReadOnlyList<IOutputGuard> All(SecretTokens tokens, InjectionFilter injection) =>
        [new RedactGuard(new Redactor(tokens)), new NeutraliseGuard(), new InjectionMarkGuard(injection), new SpotlightGuard(), new TrimGuard()];
}
