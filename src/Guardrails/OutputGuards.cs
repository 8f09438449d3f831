using McpInfra.Guardrails.Injection;
using McpInfra.Guardrails.Injection.Reactions;
using McpInfra.Guardrails.Redaction;
using McpInfra.Guardrails.Spotlight;

namespace McpInfra.Guardrails;

/// <summary>What cleans every answer, in the contract's order.</summary>
public static class OutputGuards
{
    /// <summary>redact, neutralise, injection (what follows for text that gives orders), spotlight, trim.</summary>
    /// <param name="tokens">The organisation's tokens.</param>
    /// <param name="injection">The filter of the server.</param>
    /// <param name="withheld">Keeps for people what is withheld; null keeps nothing.</param>
    public static IReadOnlyList<IOutputGuard> All(SecretTokens tokens, InjectionFilter injection, WithheldTexts? withheld = null) =>
        [new RedactGuard(tokens), new NeutraliseGuard(), new InjectionGuard(injection, withheld), new SpotlightGuard(), new TrimGuard()];
}
