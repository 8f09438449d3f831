using System.Text.Json.Nodes;

namespace McpInfra.Guardrails;

/// <summary>What an operation answers, part by part; the output guards clean it before a client sees it.</summary>
/// <param name="Parts">In reading order.</param>
public sealed record Answer(IReadOnlyList<Part> Parts)
{
    /// <summary>The same facts as JSON, sent only when the client asked for it; every string in it counts as tenant's text.</summary>
    public JsonNode? Structured { get; init; }

    /// <summary>True when the operation itself found that it cannot do what was asked.</summary>
    public bool IsFault { get; init; }

    /// <summary>Set by an output guard that refuses the answer as a whole; null lets it out.</summary>
    internal Verdict? Refusal { get; init; }

    /// <summary>What an output guard noticed in it and did not refuse; for the trail.</summary>
    internal Verdict? Noticed { get; init; }

    /// <summary>Our own words alone.</summary>
    public static Answer Own(string text) => new([new Part(Trust.Own, text)]);

    /// <summary>The operation cannot do what was asked: what is wrong, where, what mends it, in our own words; others' text in further parts.</summary>
    public static Answer Fault(string text, params IReadOnlyList<Part> more) => new([new Part(Trust.Own, text), .. more]) { IsFault = true };
}
